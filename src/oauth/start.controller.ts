import { Controller, Get, Headers, HttpCode, Param, Post, Query, Redirect, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../access/scope';
import { ConfirmQuery, StartQuery } from './oauth.dto';
import { StartService, type BrowserAnswer } from './start.service';

/** Pages for people in their browser and not for clients, so they are no part of the API's document. */
@ApiExcludeController()
@Controller('oauth')
export class StartController {
  constructor(private readonly starts: StartService) {}

  @Get(':provider/start')
  @Public()
  async show(
    @Param('provider') provider: string,
    @Query() { request }: StartQuery,
    @Headers('cookie') cookies: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return send(reply, await this.starts.show({ provider, token: request, cookies }));
  }

  @Post(':provider/start')
  @RouteConfig({ takesForms: true })
  @HttpCode(303)
  @Public()
  @Redirect()
  async confirm(
    @Param('provider') provider: string,
    @Query() { request, confirmation }: ConfirmQuery,
    @Headers('cookie') cookies: string | undefined,
  ) {
    const url = await this.starts.confirm({ provider, token: request, cookies }, confirmation);
    return { url, statusCode: 303 };
  }
}

function send(reply: FastifyReply, answer: BrowserAnswer): string {
  void reply.type('text/html; charset=utf-8');
  if ('location' in answer) {
    void reply.status(303).header('Location', answer.location);
    return '';
  }
  void reply
    .header('Set-Cookie', answer.cookie)
    .header('Content-Security-Policy', answer.contentSecurityPolicy);
  return answer.html;
}
