import { Controller, Delete, Get, HttpException, Patch, Post, Req } from '@nestjs/common';
import { ApiExtension, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { DeveloperOnly, Public, Scope } from '../access/scope';
import { ApiErrors } from '../http/api-errors';
import { UserIdParam } from '../http/uuid-param';
import { ProviderRegistry } from '../providers/provider.registry';
import { UsersService } from '../users/users.service';
import { ABSENT_ROUTES, type AbsentRoute } from './absent-routes';

type Handler = (this: AbsentController, request: FastifyRequest, userId?: string) => Promise<never>;

/** Clients meet these routes, and are told in words that there is nothing behind them. Its methods are made of the table. */
@Controller()
export class AbsentController {
  constructor(
    private readonly providers: ProviderRegistry,
    private readonly users: UsersService,
  ) {}

  /** @throws BadRequestException, NotFoundException, and for whoever asked about something known HttpException */
  async refuse(
    { status, detail, access }: AbsentRoute,
    request: FastifyRequest,
    userId?: string,
  ): Promise<never> {
    const { provider } = request.params as { provider?: string };
    if (provider !== undefined) this.providers.get(provider);
    if (userId !== undefined && access !== 'public') await this.users.get(userId);
    throw new HttpException(provider === undefined ? detail : detail.replace('{provider}', provider), status);
  }
}

const METHODS = { GET: Get, POST: Post, PATCH: Patch, DELETE: Delete };

for (const route of ABSENT_ROUTES) {
  const prototype = AbsentController.prototype as unknown as Record<string, Handler>;
  const handlers: Record<string, Handler> = {
    [route.id](request, userId) {
      return this.refuse(route, request, userId);
    },
  };
  Object.defineProperties(prototype, Object.getOwnPropertyDescriptors(handlers));
  // A client's query does not matter here, and whoever takes the request takes any.
  Req()(prototype, route.id, 0);
  if (route.path.includes('{user_id}')) UserIdParam()(prototype, route.id, 1);
  const method = Object.getOwnPropertyDescriptor(prototype, route.id)!;
  for (const decorate of decoratorsOf(route)) decorate(prototype, route.id, method);
}

function decoratorsOf({
  method,
  path,
  access,
  tag,
  summary,
  status,
  multipart,
}: AbsentRoute): MethodDecorator[] {
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const others = parameters.filter((name) => name !== 'user_id');
  const isOpen = access === 'public';
  const asksForUser = parameters.includes('user_id') && !isOpen;
  return [
    METHODS[method](path.replaceAll(/\{(\w+)\}/g, ':$1')),
    ...(isOpen ? [Public()] : [access === 'developer' ? DeveloperOnly() : Scope(access)]),
    ApiTags(tag),
    ApiOperation({
      summary,
      description: 'Not available: for clients of Open Wearables, which may ask for it.',
    }),
    ApiExtension('x-absent', true),
    ...others.map((name) => ApiParam({ name, schema: { type: 'string', example: 'example' } })),
    ApiErrors(...(isOpen ? [] : ([401, 403] as const)), ...(asksForUser ? ([404] as const) : []), status),
    ...(multipart ? [RouteConfig({ takesFiles: true })] : []),
  ];
}
