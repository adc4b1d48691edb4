import { Injectable } from '@nestjs/common';

/** Which methods a path takes: Fastify answers 404 where RFC 9110 section 15.5.6 asks for 405 and `Allow`. */
@Injectable()
export class RouteTable {
  private readonly routes: { path: RegExp; methods: string[] }[] = [];

  /** @param pattern a route as Fastify writes it, such as `/users/:user_id` */
  add(pattern: string, methods: string[]): void {
    const path = pattern
      .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replace(/:[^/]+/g, '[^/]+');
    this.routes.push({ path: new RegExp(`^${path}$`), methods });
  }

  methodsOf(path: string): string[] {
    const methods = this.routes.filter((route) => route.path.test(path)).flatMap((route) => route.methods);
    return [...new Set(methods)].sort();
  }
}
