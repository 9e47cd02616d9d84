import { Body, Controller, Get, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { toLanguage } from '../../platform/i18n/i18n';
import { KnownLearning } from '../contacts/learning/known/known-learning';
import { Learning } from '../contacts/learning/known/known-learning.dto';
import { MyPreferences } from './choices/my-preferences';
import { ChangePreferences, Preferences } from './choices/my-preferences.dto';
import { CurrentLearner, type Learner } from './learner';
import { LearnerOnly } from './learner.guard';
import { MyMessages } from './messages/my-messages';
import { MyMessages as MessageList } from './messages/my-messages.dto';
import { chosenLanguage } from './paths';

/** Mina sidor for a portal that shows it itself: of nobody but the person whose token it is. */
@ApiTags('me')
@Controller('api/v1/me')
@LearnerOnly()
export class MeController {
  constructor(
    private readonly preferences: MyPreferences,
    private readonly messages: MyMessages,
    private readonly learning: KnownLearning,
  ) {}

  /** What the person gets on each channel, by the gate's own decision, and since when; `?lang=en` for English names. */
  @Get('preferences')
  read(@CurrentLearner() me: Learner, @Query('lang') lang?: string): Promise<Preferences> {
    return this.preferences.read(me.contactId, chosenLanguage(lang));
  }

  /** Changes what is named; in force when this answers. After a 409 only what was to be turned on is not. */
  @Put('preferences')
  change(
    @CurrentLearner() me: Learner,
    @Body() input: ChangePreferences,
    @Query('lang') lang?: string,
  ): Promise<Preferences> {
    return this.preferences.change(me, input, chosenLanguage(lang));
  }

  /** What we have sent the person, and why; and how much was withheld because they had said no. */
  @Get('messages')
  sent(@CurrentLearner() me: Learner, @Query('lang') lang?: string): Promise<MessageList> {
    return this.messages.read(me.contactId, toLanguage(lang));
  }

  /** What we keep of what the person does, why, and the day it will be gone; `?lang=en` for English names. */
  @Get('learning')
  learned(@CurrentLearner() me: Learner, @Query('lang') lang?: string): Promise<Learning> {
    return this.learning.of(me.contactId, toLanguage(lang));
  }
}
