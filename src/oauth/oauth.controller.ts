import { Controller, Get, Header, Headers, Param, Query, Redirect, Res, UseFilters } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { IsAnonymous } from '../access/credential';
import { OpenIf, Public, Scope, Throttled } from '../access/scope';
import { ApiErrors } from '../http/api-errors';
import {
  AuthorizationRead,
  AuthorizeQuery,
  ErrorQuery,
  ErrorRead,
  SuccessQuery,
  SuccessRead,
  toErrorRead,
  toSuccessRead,
} from './oauth.dto';
import { OAuthService, type CallbackQuery } from './oauth.service';
import { sendOutcome } from './outcome-page';
import { RefusalFilter } from './refusal.filter';

@ApiTags('Connect')
@Controller('oauth')
export class OAuthController {
  constructor(private readonly oauth: OAuthService) {}

  @Get('success')
  @Public()
  @ApiOperation({ summary: 'The page after a sign-in that went well' })
  @ApiProduces('application/json', 'text/html')
  @ApiResponse({ status: 200, type: SuccessRead })
  @ApiErrors(400)
  success(
    @Query() query: SuccessQuery,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): SuccessRead | string {
    return sendOutcome(reply, accept, toSuccessRead(query));
  }

  @Get('error')
  @Public()
  @ApiOperation({ summary: 'The page after a sign-in that failed' })
  @ApiProduces('application/json', 'text/html')
  @ApiResponse({ status: 200, type: ErrorRead })
  @ApiErrors(400)
  error(
    @Query() query: ErrorQuery,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): ErrorRead | string {
    return sendOutcome(reply, accept, toErrorRead(query));
  }

  @Get(':provider/authorize')
  @Scope('connect')
  @OpenIf('OAUTH_PUBLIC_AUTHORIZE')
  @Throttled()
  @ApiOperation({
    summary: "Start a user's sign-in with a provider",
    description:
      "Answers with the provider's own address. Open it in the user's browser: after consent the browser comes to the callback, the first sync starts by itself, and the browser goes on to `redirect_uri`. A flow that fails goes there too, with `error` and `error_description`.\n\n" +
      'Where the operator has set `OAUTH_PUBLIC_AUTHORIZE`, a call without a key is answered too, if it names a ' +
      '`redirect_uri`; the address then leads over a page of this server, and the sign-in must end in the browser that it ' +
      'was begun in.',
  })
  @ApiErrors(400, 401, 403, 404)
  authorize(
    @Param('provider') provider: string,
    @Query() query: AuthorizeQuery,
    @IsAnonymous() isAnonymous: boolean,
  ): Promise<AuthorizationRead> {
    return this.oauth.authorize(provider, query, isAnonymous);
  }

  @Get(':provider/callback')
  @Public()
  @UseFilters(RefusalFilter)
  @Redirect()
  @Header('Cache-Control', 'no-store')
  @Header('Referrer-Policy', 'no-referrer')
  @ApiOperation({
    summary: "Where a provider sends the user's browser after consent",
    description: 'Not for clients. Its address is what is registered with the provider as the redirect URI.',
  })
  @ApiQuery({ name: 'code', required: false, type: String })
  @ApiQuery({ name: 'state', required: false, type: String })
  @ApiQuery({ name: 'error', required: false, type: String })
  @ApiQuery({ name: 'error_description', required: false, type: String })
  @ApiResponse({
    status: 303,
    description: 'To the `redirect_uri` of the authorize call, else to a page of this server',
  })
  @ApiErrors(400)
  async callback(
    @Param('provider') provider: string,
    @Query() query: CallbackQuery,
    @Headers('cookie') cookies: string | undefined,
  ) {
    return { url: await this.oauth.callback(provider, query, cookies), statusCode: 303 };
  }
}
