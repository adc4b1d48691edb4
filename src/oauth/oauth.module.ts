import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ConnectionsModule } from '../connections/connections.module';
import { ProvidersModule } from '../providers/providers.module';
import { OAuthPassport } from './oauth-passport';
import { OAuthState } from './oauth-state.entity';
import { OAuthStateStore } from './oauth-state.store';
import { OAuthController } from './oauth.controller';
import { OAuthService } from './oauth.service';
import { StartController } from './start.controller';
import { StartService } from './start.service';
import { SignInLog } from './sign-in-log';
import { SignIn } from './sign-in.entity';

@Module({
  imports: [TypeOrmModule.forFeature([OAuthState, SignIn]), ConnectionsModule, ProvidersModule],
  controllers: [OAuthController, StartController],
  providers: [OAuthStateStore, OAuthPassport, SignInLog, StartService, OAuthService],
  exports: [OAuthService],
})
export class OAuthModule {}
