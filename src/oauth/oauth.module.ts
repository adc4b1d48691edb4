import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { OAuthState } from './oauth-state.entity';

@Module({
  imports: [TypeOrmModule.forFeature([OAuthState])],
})
export class OAuthModule {}
