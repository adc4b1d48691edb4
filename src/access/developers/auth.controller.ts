import {
  BadRequestException,
  Body,
  Controller,
  Get,
  HttpCode,
  HttpException,
  HttpStatus,
  Ip,
  Res,
  Patch,
  Post,
  UnauthorizedException,
} from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { ApiErrors, errorAnswer } from '../../http/api-errors';
import { DeveloperOnly, Public } from '../scope';
import { DeveloperRead, toDeveloperRead, UpdateDeveloper } from './developer.dto';
import { DevelopersService } from './developers.service';
import { MAX_PASSWORD_LENGTH } from './password';
import { SessionsService } from './sessions.service';
import { SignInAttempts, type Attempt } from './sign-in-attempts';
import { ChangePassword, Done, SignIn, TokenResponse, toTokenResponse } from './sign-in.dto';
import { Me, type SignedIn } from './signed-in';

@ApiTags('Developers')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly developers: DevelopersService,
    private readonly sessions: SessionsService,
    private readonly attempts: SignInAttempts,
  ) {}

  @Post('login')
  @HttpCode(200)
  @RouteConfig({ takesForms: true })
  @Public()
  @ApiOperation({
    summary: 'Sign in',
    description: 'The access token that it answers opens every operation, as `Authorization: Bearer …`.',
  })
  @ApiConsumes('application/x-www-form-urlencoded', 'application/json')
  @ApiBody({ type: SignIn })
  @ApiResponse({ status: 401, ...errorAnswer(401), description: 'Nobody has this address and password.' })
  @ApiErrors(429)
  async login(
    @Body() body: Record<string, unknown> | undefined,
    @Ip() address: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokenResponse> {
    const { username, password } = body ?? {};
    if (typeof username !== 'string' || typeof password !== 'string') throw refusal();
    if (password.length > MAX_PASSWORD_LENGTH) throw refusal();
    const attempt = { email: username, address };
    await this.countAttempt(attempt, reply);
    const developer = await this.developers.findByPassword(username, password);
    const pair = developer && (await this.sessions.begin(developer));
    if (pair === null) throw refusal();
    await this.attempts.forgive(attempt);
    return toTokenResponse(pair);
  }

  @Get('me')
  @DeveloperOnly()
  @ApiOperation({ summary: 'Who has signed in' })
  @ApiErrors(401)
  me(@Me() { developer }: SignedIn): DeveloperRead {
    return toDeveloperRead(developer);
  }

  @Patch('me')
  @DeveloperOnly()
  @ApiOperation({ summary: 'Change your own name or e-mail address' })
  @ApiErrors(401)
  async updateMe(@Body() changes: UpdateDeveloper, @Me() { developer }: SignedIn): Promise<DeveloperRead> {
    return toDeveloperRead(await this.developers.update(developer.id, changes));
  }

  @Post('logout')
  @HttpCode(200)
  @DeveloperOnly()
  @ApiOperation({
    summary: 'Sign out',
    description: 'Ends this sign-in: its access tokens and its refresh token stop at once.',
  })
  @ApiErrors(401)
  async logout(@Me() { sessionId }: SignedIn): Promise<Done> {
    await this.sessions.end(sessionId);
    return { message: 'Successfully logged out' };
  }

  @Post('change-password')
  @HttpCode(200)
  @DeveloperOnly()
  @ApiOperation({
    summary: 'Change your password',
    description: 'Ends your other sign-ins, and keeps this one.',
  })
  @ApiErrors(401, 429)
  async changePassword(
    @Body() body: ChangePassword,
    @Me() me: SignedIn,
    @Ip() address: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Done> {
    const { current_password, new_password, confirm_password } = body;
    if (new_password !== confirm_password) {
      throw new BadRequestException('new_password and confirm_password differ. Send the same twice.');
    }
    const attempt = { email: me.developer.email, address };
    await this.countAttempt(attempt, reply);
    const isRight = await this.developers.changePassword(me, current_password, new_password);
    if (!isRight) throw new BadRequestException('Incorrect current password');
    await this.attempts.forgive(attempt);
    return { message: 'Password changed successfully' };
  }

  /** @throws HttpException 429 */
  private async countAttempt(attempt: Attempt, reply: FastifyReply): Promise<void> {
    const waitSeconds = await this.attempts.count(attempt);
    if (waitSeconds === 0) return;
    void reply.header('Retry-After', waitSeconds);
    throw new HttpException(
      `Too many wrong passwords. Wait ${waitSeconds} seconds, as Retry-After says, and try again.`,
      HttpStatus.TOO_MANY_REQUESTS,
    );
  }
}

/** The same for every reason, as clients and attackers alike are told. */
const refusal = () => new UnauthorizedException('Incorrect email or password');
