import { ServiceUnavailableException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

/** What a process answers that only works: whoever starts and watches it must be able to ask how it is. */
const OF_EVERY_PROCESS = new Set(['/', '/health/live', '/health/ready', '/metrics']);

/** In a process with `ROLE=worker` every other request is refused, before anything else looks at it. */
export function refuseApiRequests(fastify: Pick<FastifyInstance, 'addHook'>): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const [path] = request.url.split('?');
    done(
      OF_EVERY_PROCESS.has(path)
        ? undefined
        : new ServiceUnavailableException(
            'This process only syncs (ROLE=worker) and serves health and metrics. Send this request to one with ROLE=api or ROLE=all.',
          ),
    );
  });
}
