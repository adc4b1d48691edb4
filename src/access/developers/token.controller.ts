import { Body, Controller, HttpCode, NotFoundException, Post, UnauthorizedException } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ApiErrors, errorAnswer } from '../../http/api-errors';
import { Public } from '../scope';
import { SessionsService } from './sessions.service';
import { RefreshRequest, TokenResponse, toTokenResponse } from './sign-in.dto';

/** Whoever has the refresh token may use it: it is the credential. */
@ApiTags('Developers')
@Controller('token')
export class TokenController {
  constructor(private readonly sessions: SessionsService) {}

  @Post('refresh')
  @HttpCode(200)
  @Public()
  @ApiOperation({
    summary: 'Exchange a refresh token for new tokens',
    description:
      'Each refresh token is good for one time, and the answer holds the next one. One that comes a second time ends the sign-in, since it may have been stolen.',
  })
  @ApiResponse({ status: 401, ...errorAnswer(401), description: 'The refresh token is not valid.' })
  async refresh(@Body() { refresh_token }: RefreshRequest): Promise<TokenResponse> {
    const pair = await this.sessions.refresh(refresh_token);
    if (pair === null) throw new UnauthorizedException('Invalid or revoked refresh token');
    return toTokenResponse(pair);
  }

  @Post('revoke')
  @HttpCode(204)
  @Public()
  @ApiOperation({
    summary: 'End a sign-in by its refresh token',
    description: 'Its access tokens stop too.',
  })
  @ApiErrors(404)
  async revoke(@Body() { refresh_token }: RefreshRequest): Promise<void> {
    if (await this.sessions.revoke(refresh_token)) return;
    throw new NotFoundException('Refresh token not found, or revoked already.');
  }
}
