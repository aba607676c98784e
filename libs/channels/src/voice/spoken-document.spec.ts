import { spokenDocument } from './spoken-document';

describe('what a call says', () => {
  it('is said twice, a code digit by digit, and a zone as the time of its city', () => {
    const text = 'Your code is 482915. It works until 07:15 (America/New_York).';
    const said = '<Say language="en-US">Your code is 4 8 2 9 1 5. It works until 07:15, New York time.</Say>';
    expect(spokenDocument(text, 'en')).toBe(
      `<?xml version="1.0" encoding="UTF-8"?><Response><Pause length="1"/>${said}<Pause length="1"/>${said}</Response>`,
    );
  });

  it('leaves amounts, years and times as they are', () => {
    const text = 'It is 1,204,500.25 EUR or 0.123456789 on 22 November 2026, 07:05 (UTC)';
    expect(spokenDocument(text, 'en')).toContain(`>${text}</Say>`);
  });
});
