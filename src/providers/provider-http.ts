import { ClientRequest, request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import axios, { isAxiosError, type AxiosResponse } from 'axios';
import { Clock } from '../database/clock';
import { Failpoints } from '../database/failpoints';
import { outcomeOf } from './breaker';
import type { EndpointClass } from './vendor-budget.entity';
import { VendorBudgets, type Admission } from './vendor-budgets';
import { keepAliveAgents } from './keep-alive-agents';
import type { ProviderDefinition, VendorCaller } from './provider';
import { ProviderAnswerLost, ProviderAnswerTooLarge, ProviderUnavailable } from './provider-errors';
import { retryAt, statusError } from './provider-status';

export interface ProviderCall {
  /** Whose budget the call counts against; slug and operation name it in logs and messages. */
  provider: Pick<ProviderDefinition, 'slug' | 'limits'>;
  operation: string;
  /** Default: `data`. */
  endpointClass?: EndpointClass;
  /** On whose behalf. */
  caller: VendorCaller;
  method: 'GET' | 'POST';
  url: string;
  headers?: Record<string, string>;
  body?: string;
  /** From the first byte sent to the last received. */
  timeoutMs?: number;
  /** Of the body, unpacked. */
  maxBytes?: number;
  /** Called once the whole request is with the operating system, before anything of the answer is read. */
  onSent?: () => void;
}

export interface ProviderResponse {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Buffer;
}

const TIMEOUT_MS = 20_000;
const MAX_BYTES = 10 * 1024 * 1024;

/**
 * The one way out to vendors. Logs a line a call: never a query, a header or a body, since those hold tokens and
 * health data; errors carry no cause for the same reason (axios puts the whole request into its errors).
 */
@Injectable()
export class ProviderHttp implements OnApplicationShutdown {
  private readonly logger = new Logger(ProviderHttp.name);
  private readonly agents = keepAliveAgents();

  constructor(
    private readonly budgets: VendorBudgets,
    private readonly failpoints: Failpoints,
    private readonly clock: Clock,
  ) {}

  /**
   * Waits for the vendor's budget, then sends. Any status is an answer; redirects are not followed.
   * @throws ProviderUnavailable where the request did not get out; ProviderAnswerLost for a timeout, a connection that
   * breaks and a body over the cap (ProviderAnswerTooLarge), after which the vendor may have done what was asked
   * @throws ProviderRateLimited, ProviderUnavailable with `retryAt` for a call that must not be sent now
   */
  async request(call: ProviderCall): Promise<ProviderResponse> {
    const asked = performance.now();
    const { provider, caller, endpointClass = 'data', timeoutMs = TIMEOUT_MS } = call;
    const admission = await this.budgets.admit({ provider, caller, endpointClass, timeoutMs });
    await this.failpoints.reach('vendor.before-send');
    const answer = await this.exchange(call, Math.round(performance.now() - asked));
    await this.settle(admission, answer instanceof ProviderUnavailable ? null : answer);
    if (answer instanceof ProviderUnavailable) throw answer;
    return answer;
  }

  /** @throws ProviderError for every status but 2xx */
  expectOk(call: Pick<ProviderCall, 'provider' | 'operation'>, response: ProviderResponse): ProviderResponse {
    const { provider, operation } = call;
    const error = statusError({ provider: provider.slug, operation }, response, this.clock.now());
    if (error) throw error;
    return response;
  }

  onApplicationShutdown(): void {
    this.agents.httpAgent.destroy();
    this.agents.httpsAgent.destroy();
  }

  private async exchange(
    call: ProviderCall,
    waitedMs: number,
  ): Promise<ProviderResponse | ProviderUnavailable> {
    const { operation } = call;
    const provider = call.provider.slug;
    const line = { msg: 'provider call', provider, operation, waited_ms: waitedMs };
    const sent = performance.now();
    const elapsed = () => Math.round(performance.now() - sent);
    try {
      const response = toResponse(await this.send(call));
      this.logger.log({ ...line, status: response.status, ms: elapsed(), bytes: response.body.length });
      return response;
    } catch (error) {
      const reason = failure(error, call);
      this.logger.warn({ ...line, status: null, ms: elapsed(), bytes: 0, error: reason });
      return new (failureClass(error))(`${provider} ${operation}: ${reason}`);
    }
  }

  private settle(admission: Admission, response: ProviderResponse | null): Promise<void> {
    return this.budgets.settle(admission, {
      outcome: outcomeOf(response),
      retryAt: retryAt(response?.headers['retry-after'], this.clock.now()),
    });
  }

  private send(call: ProviderCall): Promise<AxiosResponse<Buffer>> {
    return axios.request<Buffer>({
      method: call.method,
      url: call.url,
      headers: { accept: 'application/json', 'user-agent': 'Vitalbase', ...call.headers },
      data: call.body,
      ...this.agents,
      transport: transportOf(call),
      signal: AbortSignal.timeout(call.timeoutMs ?? TIMEOUT_MS),
      maxContentLength: call.maxBytes ?? MAX_BYTES,
      maxRedirects: 0,
      proxy: false,
      responseType: 'arraybuffer',
      validateStatus: () => true,
      transformRequest: [(data: unknown) => data],
      transformResponse: [(data: unknown) => data],
    });
  }
}

function toResponse({ status, headers, data }: AxiosResponse<Buffer>): ProviderResponse {
  const names = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return { status, headers: Object.fromEntries(names), body: data };
}

/** The plain one of Node, which axios would take too: it leads to the request itself, where it can be seen going out. */
function transportOf({ url, onSent }: ProviderCall) {
  const open = new URL(url).protocol === 'https:' ? requestHttps : requestHttp;
  return {
    request(options: RequestOptions, answered: (answer: IncomingMessage) => void): ClientRequest {
      const request = open(options, answered);
      return onSent ? request.once('finish', onSent) : request;
    },
  };
}

function failureClass(error: unknown): typeof ProviderUnavailable {
  if (isTooLarge(error)) return ProviderAnswerTooLarge;
  return gotOut(error) ? ProviderAnswerLost : ProviderUnavailable;
}

const isTooLarge = (error: unknown): boolean =>
  isAxiosError(error) && error.message.startsWith('maxContentLength');

/** Whether the vendor can have read the whole request. */
const gotOut = (error: unknown): boolean =>
  isAxiosError(error) && error.request instanceof ClientRequest && error.request.writableFinished;

/** In words of ours: an error's own message may hold the URL. */
function failure(error: unknown, { timeoutMs, maxBytes }: ProviderCall): string {
  if (!isAxiosError(error)) return 'no answer';
  if (error.code === 'ERR_CANCELED') return `no answer within ${timeoutMs ?? TIMEOUT_MS} ms`;
  if (isTooLarge(error)) return `an answer over ${maxBytes ?? MAX_BYTES} bytes`;
  return `no answer (${error.code ?? 'unknown network error'})`;
}
