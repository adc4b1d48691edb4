import { Body, Controller, Delete, Get, Patch } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiErrors } from '../../http/api-errors';
import { UuidParam } from '../../http/uuid-param';
import { DeveloperOnly } from '../scope';
import { DeveloperRead, toDeveloperRead, UpdateDeveloper } from './developer.dto';
import { DevelopersService } from './developers.service';

const DeveloperIdParam = () =>
  UuidParam('developer_id', "The developer's id, as `GET /api/v1/developers` lists it");

@ApiTags('Developers')
@DeveloperOnly()
@Controller('developers')
export class DevelopersController {
  constructor(private readonly developers: DevelopersService) {}

  @Get()
  @ApiOperation({ summary: 'List the developers' })
  @ApiErrors(401)
  async list(): Promise<DeveloperRead[]> {
    return (await this.developers.list()).map(toDeveloperRead);
  }

  @Get(':developer_id')
  @ApiOperation({ summary: 'Get a developer' })
  @ApiErrors(401, 404)
  async get(@DeveloperIdParam() id: string): Promise<DeveloperRead> {
    return toDeveloperRead(await this.developers.get(id));
  }

  @Patch(':developer_id')
  @ApiOperation({ summary: "Change a developer's name or e-mail address" })
  @ApiErrors(401, 404)
  async update(@DeveloperIdParam() id: string, @Body() changes: UpdateDeveloper): Promise<DeveloperRead> {
    return toDeveloperRead(await this.developers.update(id, changes));
  }

  @Delete(':developer_id')
  @ApiOperation({
    summary: 'Delete a developer',
    description:
      'The developer is signed out everywhere at once. API keys that the developer made go on working. The last developer stays.',
  })
  @ApiErrors(401, 404, 409)
  async delete(@DeveloperIdParam() id: string): Promise<DeveloperRead> {
    return toDeveloperRead(await this.developers.delete(id));
  }
}
