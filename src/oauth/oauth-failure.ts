import { NotFoundException } from '@nestjs/common';
import { AccountAlreadyLinked } from '../connections/activation.service';
import { ProviderError, ProviderForbidden, ProviderGrantRefused } from '../providers/provider-errors';

/** Why a flow came to nothing, in the words of RFC 6749 section 4.1.2.1, and one of our own. */
export interface OAuthFailure {
  error: string;
  description: string;
}

const VENDOR_ERRORS = new Set([
  'invalid_request',
  'unauthorized_client',
  'access_denied',
  'unsupported_response_type',
  'invalid_scope',
  'server_error',
  'temporarily_unavailable',
]);
const LONGEST_DESCRIPTION = 200;

/** What the vendor put into the callback's query, in the characters that RFC 6749 allows. */
export function vendorFailure(error: string, description: string | undefined): OAuthFailure {
  const said = (description ?? 'Unknown error').replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, ' ');
  return {
    error: VENDOR_ERRORS.has(error) ? error : 'server_error',
    description: said.slice(0, LONGEST_DESCRIPTION),
  };
}

export const missingParameters: OAuthFailure = {
  error: 'invalid_request',
  description: 'Missing OAuth parameters',
};

/** Somebody else's browser, or one that keeps no cookies. */
export const otherBrowser: OAuthFailure = {
  error: 'access_denied',
  description: 'The sign-in was begun in another browser. Start it again in this one.',
};

export const noNewSignIns: OAuthFailure = {
  error: 'access_denied',
  description: 'This server takes no new sign-ins with the provider at the moment.',
};

/** @returns null for what nobody foresaw */
export function failureOf(error: unknown): OAuthFailure | null {
  if (error instanceof AccountAlreadyLinked) {
    return { error: 'account_already_linked', description: error.message };
  }
  if (error instanceof NotFoundException) return { error: 'server_error', description: error.message };
  if (error instanceof ProviderGrantRefused) {
    return {
      error: 'server_error',
      description: 'The provider no longer accepts this authorization. Start again.',
    };
  }
  if (error instanceof ProviderForbidden) {
    return { error: 'access_denied', description: 'The provider does not let this server read the account.' };
  }
  if (error instanceof ProviderError) {
    return {
      error: 'temporarily_unavailable',
      description: 'The provider could not complete the authorization. Try again in a few minutes.',
    };
  }
  return null;
}
