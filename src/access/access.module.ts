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
import { SignInAttempts } from './developers/sign-in-attempts';
import { TokenController } from './developers/token.controller';
import { InvitationMail } from './invitations/invitation-mail';
import { Invitation } from './invitations/invitation.entity';
import { InvitationsController } from './invitations/invitations.controller';
import { InvitationsService } from './invitations/invitations.service';
import { RateLimitGuard } from './rate-limit.guard';
import { RateLimits } from './rate-limits';

@Module({
  imports: [
    TypeOrmModule.forFeature([ApiKey, Developer, DeveloperSession, Invitation, RefreshToken]),
    DiscoveryModule,
    JwtModule.register({}),
  ],
  controllers: [
    AuthController,
    TokenController,
    DevelopersController,
    ApiKeysController,
    InvitationsController,
  ],
  providers: [
    ApiKeysService,
    DeclaredAccess,
    DevelopersService,
    DeveloperTokens,
    FirstAdmin,
    InvitationMail,
    InvitationsService,
    SessionsService,
    SignInAttempts,
    AccessGuard,
    RateLimits,
    { provide: APP_GUARD, useClass: RateLimitGuard },
  ],
  exports: [ApiKeysService],
})
export class AccessModule {}
