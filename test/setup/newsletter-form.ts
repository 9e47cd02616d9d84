/** A sign-up form as a marketer would word it; its topics are the story's own. */
export const NEWSLETTER_FORM = {
  key: 'nyhetsbrev',
  nameSv: 'Få våra utskick',
  nameEn: 'Get our mails',
  introSv: 'Välj det du vill läsa. Du får ett mejl att bekräfta med först.',
  introEn: 'Choose what you would like to read. You first get a mail to confirm with.',
};
