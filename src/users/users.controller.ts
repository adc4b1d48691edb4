import { Body, Controller, Get, Patch, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Scope } from '../access/scope';
import { ApiErrors } from '../http/api-errors';
import { UserIdParam } from '../http/uuid-param';
import { CreateUser, ListUsers, UpdateUser, UserPage, UserRead } from './user.dto';
import { UsersService } from './users.service';

@ApiTags('Users')
@Controller('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Post()
  @Scope('write')
  @ApiOperation({
    summary: 'Create a user',
    description:
      'The person who wears a device. Every field is optional; `{}` is enough to connect a wearable to.',
  })
  @ApiBody({
    type: CreateUser,
    required: false,
    examples: { nameless: { value: {} }, named: { value: { first_name: 'Grace', last_name: 'Hopper' } } },
  })
  @ApiErrors(400, 401, 403, 409)
  create(@Body() body: CreateUser): Promise<UserRead> {
    return this.users.create(body);
  }

  @Get()
  @Scope('read')
  @ApiOperation({ summary: 'List and search users' })
  @ApiErrors(400, 401, 403)
  list(@Query() query: ListUsers): Promise<UserPage> {
    return this.users.list(query);
  }

  @Get(':user_id')
  @Scope('read')
  @ApiOperation({ summary: 'Get a user' })
  @ApiErrors(400, 401, 403, 404)
  get(@UserIdParam() userId: string): Promise<UserRead> {
    return this.users.read(userId);
  }

  @Patch(':user_id')
  @Scope('write')
  @ApiOperation({
    summary: 'Change a user',
    description: 'Fields that are left out stay as they are; null clears one.',
  })
  @ApiBody({
    type: UpdateUser,
    required: false,
    examples: { renamed: { value: { last_name: 'King' } }, cleared: { value: { external_user_id: null } } },
  })
  @ApiErrors(400, 401, 403, 404, 409)
  update(@UserIdParam() userId: string, @Body() body: UpdateUser): Promise<UserRead> {
    return this.users.update(userId, body);
  }
}
