import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ApiErrors } from '../http/api-errors';
import { ApiKeyRead, CreateApiKey, RenameApiKey, toApiKeyRead, toMadeKeyRead } from './api-key.dto';
import { ApiKeysService } from './api-keys.service';
import { Me, type SignedIn } from './developers/signed-in';
import { DEFAULT_SCOPES, DeveloperOnly } from './scope';

const KeyIdInPath = () =>
  ApiParam({
    name: 'key_id',
    description: 'The `id` of a list, or the key itself',
    schema: { type: 'string' },
  });

@ApiTags('Developers')
@DeveloperOnly()
@Controller('developer/api-keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  @Get()
  @ApiOperation({ summary: 'List the API keys' })
  @ApiErrors(401)
  async list(): Promise<ApiKeyRead[]> {
    return (await this.keys.list()).map(toApiKeyRead);
  }

  @Post()
  @ApiOperation({
    summary: 'Make an API key',
    description: 'Keep the `id` of the answer: it is the key, and cannot be shown again.',
  })
  @ApiBody({ type: CreateApiKey, required: false })
  @ApiErrors(401)
  async create(@Body() { name, scopes }: CreateApiKey, @Me() { developer }: SignedIn): Promise<ApiKeyRead> {
    return toMadeKeyRead(
      await this.keys.createFor(developer.id, name ?? 'Default', scopes ?? DEFAULT_SCOPES),
    );
  }

  @Patch(':key_id')
  @ApiOperation({ summary: 'Rename an API key' })
  @KeyIdInPath()
  @ApiErrors(401, 404)
  async rename(@Param('key_id') handle: string, @Body() { name }: RenameApiKey): Promise<ApiKeyRead> {
    return toApiKeyRead(await this.keys.rename(handle, name));
  }

  @Delete(':key_id')
  @ApiOperation({
    summary: 'Revoke an API key',
    description: 'It stops at once on the process that is asked, and within five seconds on all others.',
  })
  @KeyIdInPath()
  @ApiErrors(401, 404)
  async revoke(@Param('key_id') handle: string): Promise<ApiKeyRead> {
    return toApiKeyRead(await this.keys.revoke(handle));
  }

  @Post(':key_id/rotate')
  @ApiOperation({
    summary: 'Replace an API key by a new one',
    description: 'The new one has the same name and scopes, and the old one stops.',
  })
  @KeyIdInPath()
  @ApiErrors(401, 404)
  async rotate(@Param('key_id') handle: string, @Me() { developer }: SignedIn): Promise<ApiKeyRead> {
    return toMadeKeyRead(await this.keys.rotate(handle, developer.id));
  }
}
