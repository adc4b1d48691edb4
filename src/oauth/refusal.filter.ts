import { BadRequestException, Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { contentSecurityPolicy } from '../http/html-page';
import { sendProblem } from '../http/problem';
import { outcomePage, takesHtml } from './outcome-page';

/** A flow that nobody knows has no app to go back to: people get a page, and clients the usual error. */
@Catch(BadRequestException)
export class RefusalFilter implements ExceptionFilter<BadRequestException> {
  catch({ message }: BadRequestException, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    void reply.header('Vary', 'Accept');
    if (!takesHtml(request.headers.accept))
      return sendProblem(request, reply, { status: 400, detail: message });
    void reply
      .status(400)
      .type('text/html; charset=utf-8')
      .header('Content-Security-Policy', contentSecurityPolicy())
      .send(outcomePage({ success: false, message }));
  }
}
