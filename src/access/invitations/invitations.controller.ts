import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  HttpException,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  ApiBody,
  ApiConsumes,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiErrors, errorAnswer } from '../../http/api-errors';
import { UuidParam } from '../../http/uuid-param';
import { DeveloperRead, toDeveloperRead } from '../developers/developer.dto';
import { Me, type SignedIn } from '../developers/signed-in';
import { DeveloperOnly, Public } from '../scope';
import { acceptedPage, acceptPage, refusedPage } from './accept-page';
import { AcceptInvitation, AcceptQuery, CreateInvitation, InvitationRead } from './invitation.dto';
import { InvitationsService } from './invitations.service';

const InvitationIdParam = () =>
  UuidParam('invitation_id', "The invitation's id, as `GET /api/v1/invitations` lists it");

/** Whoever sends the page's form gets a page. */
function refusalAsPageToo() {
  const { description, content } = errorAnswer(400);
  return { description, content: { ...content, 'text/html': { schema: { type: 'string' } } } };
}

const originOf = ({ protocol, host }: FastifyRequest) => `${protocol}://${host}`;

@ApiTags('Developers')
@Controller('invitations')
export class InvitationsController {
  constructor(private readonly invitations: InvitationsService) {}

  @Post()
  @DeveloperOnly()
  @ApiOperation({
    summary: 'Invite somebody to become a developer',
    description:
      'Hand on the `accept_url` of the answer, which is good for one time and seven days. Where the server can send mail, it sends it too.',
  })
  @ApiErrors(401)
  create(
    @Body() { email }: CreateInvitation,
    @Me() { developer }: SignedIn,
    @Req() request: FastifyRequest,
  ): Promise<InvitationRead> {
    return this.invitations.create(email, developer.id, originOf(request));
  }

  @Get()
  @DeveloperOnly()
  @ApiOperation({ summary: 'List the invitations', description: 'Newest first, also those that are over.' })
  @ApiErrors(401)
  list(@Req() request: FastifyRequest): Promise<InvitationRead[]> {
    return this.invitations.list(originOf(request));
  }

  @Delete(':invitation_id')
  @DeveloperOnly()
  @ApiOperation({ summary: 'Revoke an invitation' })
  @ApiErrors(401, 404, 409)
  revoke(@InvitationIdParam() id: string, @Req() request: FastifyRequest): Promise<InvitationRead> {
    return this.invitations.revoke(id, originOf(request));
  }

  @Post(':invitation_id/resend')
  @HttpCode(200)
  @DeveloperOnly()
  @ApiOperation({
    summary: 'Renew an invitation',
    description:
      'With a new link for seven days; the old one ends. Where the server can send mail, it sends it again.',
  })
  @ApiErrors(401, 404, 409)
  resend(@InvitationIdParam() id: string, @Req() request: FastifyRequest): Promise<InvitationRead> {
    return this.invitations.resend(id, originOf(request));
  }

  @Get('accept')
  @Public()
  @ApiOperation({ summary: 'The page to accept an invitation with, where there is no portal' })
  @ApiOkResponse({ description: 'The page', content: { 'text/html': { schema: { type: 'string' } } } })
  acceptPage(@Query() { token }: AcceptQuery, @Res({ passthrough: true }) reply: FastifyReply): string {
    return acceptPage(reply, token);
  }

  @Post('accept')
  @Public()
  @RouteConfig({ takesForms: true })
  @ApiOperation({ summary: 'Accept an invitation', description: 'Who accepts it can sign in from then on.' })
  @ApiConsumes('application/json', 'application/x-www-form-urlencoded')
  @ApiBody({ type: AcceptInvitation })
  @ApiProduces('application/json', 'text/html')
  @ApiResponse({ status: 201, type: DeveloperRead })
  @ApiResponse({ status: 400, ...refusalAsPageToo() })
  async accept(
    @Body() body: AcceptInvitation,
    @Req() { headers }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeveloperRead | string> {
    const isPage = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
    try {
      const developer = await this.invitations.accept(body);
      return isPage ? acceptedPage(reply, developer.email) : toDeveloperRead(developer);
    } catch (error) {
      if (!isPage || !(error instanceof HttpException)) throw error;
      void reply.status(error.getStatus());
      return refusedPage(reply, error.message);
    }
  }
}
