import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { SCOPE_METADATA, SCOPES } from './scope';

/** Stops the boot when a handler was written without saying who may call it. */
@Injectable()
export class DeclaredAccess implements OnApplicationBootstrap {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onApplicationBootstrap(): void {
    const undeclared = this.discovery.getControllers().flatMap(({ metatype }) => {
      const controller = metatype!;
      const handlers: Record<string, Function> = controller.prototype;
      return this.scanner
        .getAllMethodNames(handlers)
        .filter((name) => {
          const handler = handlers[name];
          const isRoute = Reflect.hasMetadata(METHOD_METADATA, handler);
          return isRoute && !this.reflector.getAllAndOverride(SCOPE_METADATA, [handler, controller]);
        })
        .map((name) => `${controller.name}.${name}`);
    });
    if (undeclared.length === 0) return;
    const scopes = SCOPES.map((scope) => `'${scope}'`).join(' | ');
    throw new Error(
      `Every handler says who may call it: add @Scope(${scopes}), @DeveloperOnly() or @Public() to ${undeclared.join(', ')}`,
    );
  }
}
