import { Campaigns } from '../../src/features/campaigns/campaigns.service';
import { SendTest } from '../../src/features/delivery/send-test';
