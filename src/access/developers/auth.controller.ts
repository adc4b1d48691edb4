import { Body, Controller, Get, HttpCode, Post, UnauthorizedException } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiErrors } from '../../http/api-errors';
import { DeveloperOnly, Public } from '../scope';
import { DeveloperRead, toDeveloperRead } from './developer.dto';
import { DevelopersService } from './developers.service';
import { MAX_PASSWORD_LENGTH } from './password';
import { SessionsService } from './sessions.service';
import { SignIn, TokenResponse, toTokenResponse } from './sign-in.dto';
import { Me, type SignedIn } from './signed-in';

@ApiTags('Developers')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly developers: DevelopersService,
    private readonly sessions: SessionsService,
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
  @ApiErrors(401)
  async login(@Body() body: Record<string, unknown> | undefined): Promise<TokenResponse> {
    const { username, password } = body ?? {};
    if (typeof username !== 'string' || typeof password !== 'string') throw refusal();
    if (password.length > MAX_PASSWORD_LENGTH) throw refusal();
    const developer = await this.developers.findByPassword(username, password);
    if (developer === null) throw refusal();
    return toTokenResponse(await this.sessions.begin(developer.id));
  }

  @Get('me')
  @DeveloperOnly()
  @ApiOperation({ summary: 'Who has signed in' })
  @ApiErrors(401)
  me(@Me() { developer }: SignedIn): DeveloperRead {
    return toDeveloperRead(developer);
  }
}

/** The same for every reason, as clients and attackers alike are told. */
const refusal = () => new UnauthorizedException('Incorrect email or password');
