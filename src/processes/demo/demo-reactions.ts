import { Injectable } from '@nestjs/common';
import { DemoClicks } from './demo-clicks';
import { DemoReplies } from './demo-replies';

/** What those who got a campaign did with it. */
@Injectable()
export class DemoReactions {
  constructor(
    private readonly replies: DemoReplies,
    private readonly clicks: DemoClicks,
  ) {}

  async to(campaignId: string): Promise<void> {
    await this.replies.to(campaignId);
    await this.clicks.on(campaignId);
  }
}
