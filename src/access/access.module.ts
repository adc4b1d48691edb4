import { Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccessGuard } from './access.guard';
import { ApiKey } from './api-key.entity';
import { ApiKeysController } from './api-keys.controller';
import { ApiKeysService } from './api-keys.service';
import { DeclaredAccess } from './declared-access';
import { AuthController } from './developers/auth.controller';
import { DeveloperSession } from './developers/developer-session.entity';
import { DeveloperTokens } from './developers/developer-tokens';
import { Developer } from './developers/developer.entity';
import { DevelopersController } from './developers/developers.controller';
import { DevelopersService } from './developers/developers.service';
import { FirstAdmin } from './developers/first-admin';
import { RefreshToken } from './developers/refresh-token.entity';
import { SessionsService } from './developers/sessions.service';
import { TokenController } from './developers/token.controller';

@Module({
  imports: [
    TypeOrmModule.forFeature([ApiKey, Developer, DeveloperSession, RefreshToken]),
    DiscoveryModule,
    JwtModule.register({}),
  ],
  controllers: [AuthController, TokenController, DevelopersController, ApiKeysController],
  providers: [
    ApiKeysService,
    DeclaredAccess,
    DevelopersService,
    DeveloperTokens,
    FirstAdmin,
    SessionsService,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [ApiKeysService],
})
export class AccessModule {}
