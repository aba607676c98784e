import type { DemoCustomer, DemoServiceAlert } from './roles';

// Numbers from the ranges that regulators keep free for fiction, mail domains of RFC 2606: nobody is behind them.

/** Watches the index, and owns the account of the README's first event. */
const ANA: DemoCustomer = {
  id: 'ana',
  name: 'Ana Souza',
  timeZone: 'America/Sao_Paulo',
  language: 'en',
  owns: ['account:42'],
  follows: ['index:SP500'],
  contactPoints: [
    { channel: 'sms', address: '+12025550142' },
    { channel: 'email', address: 'ana@example.com' },
  ],
  preferences: [],
  rules: [
    {
      title: 'S&P 500 below 1400',
      metric: 'index.close',
      subjects: ['index:SP500'],
      operator: 'below',
      threshold: '1400.00',
      recovery: '1450.00',
    },
  ],
};

/** Wants each round number once, and nothing when it is lost again. */
const BEN: DemoCustomer = {
  id: 'ben',
  name: 'Ben Okafor',
  timeZone: 'Africa/Lagos',
  language: 'en',
  owns: [],
  follows: ['index:SP500', 'flight:ORD-DFW'],
  contactPoints: [{ channel: 'email', address: 'ben@example.com' }],
  preferences: [],
  rules: ['1500.00', '2000.00', '2500.00', '3000.00'].map((threshold) => ({
    title: `S&P 500 passes ${Number(threshold)}`,
    metric: 'index.close',
    subjects: ['index:SP500'],
    operator: 'crossesAbove',
    threshold,
    lifecycle: 'once',
    channels: ['email'],
    notifyRecovery: false,
  })),
};

/** Has tickets on seven lines and one rule for all of them: what she books later joins by itself. */
const CARLA: DemoCustomer = {
  id: 'carla',
  name: 'Carla Neri',
  timeZone: 'Europe/Rome',
  language: 'en',
  owns: [
    'flight:LAX-PHX',
    'flight:PHX-LAX',
    'flight:LAX-LAS',
    'flight:LAS-LAX',
    'flight:PHX-LAS',
    'flight:LAS-PHX',
    'flight:ORD-DFW',
  ],
  follows: [],
  contactPoints: [{ channel: 'sms', address: '+447700900123' }],
  preferences: [],
  rules: [
    {
      title: 'Flight over an hour late',
      metric: 'flight.delay',
      subjects: 'owned',
      operator: 'above',
      threshold: '60',
      recovery: '15',
      topic: 'flights',
    },
  ],
};

const DEV: DemoCustomer = {
  id: 'dev',
  name: 'Dev Patel',
  timeZone: 'Asia/Kolkata',
  language: 'en',
  owns: [],
  follows: [],
  contactPoints: [{ channel: 'social', address: '1000000000000000042' }],
  preferences: [],
  rules: [
    {
      title: 'Strong earthquake around the Pacific',
      metric: 'earthquake.magnitude',
      subjects: [
        'region:Chile',
        'region:Fiji',
        'region:Indonesia',
        'region:New Zealand',
        'region:Papua New Guinea',
        'region:Peru',
        'region:Philippines',
        'region:Solomon Islands',
        'region:Tonga',
        'region:Vanuatu',
      ],
      operator: 'atLeast',
      threshold: '5.0',
      channels: ['social'],
      notifyRecovery: false,
    },
  ],
};

/** Gets texts for one rule alone: the other names its channel. */
const EMI: DemoCustomer = {
  id: 'emi',
  name: 'Emi Tanaka',
  timeZone: 'Asia/Tokyo',
  language: 'en',
  owns: [],
  follows: ['region:Taiwan', 'region:Japan'],
  contactPoints: [
    { channel: 'sms', address: '+12025550171' },
    { channel: 'email', address: 'emi@example.org' },
  ],
  preferences: [],
  rules: [
    {
      title: 'Strong earthquake in Taiwan',
      metric: 'earthquake.magnitude',
      subjects: ['region:Taiwan'],
      operator: 'atLeast',
      threshold: '5.0',
      notifyRecovery: false,
    },
    {
      title: 'Earthquake in Alaska or California',
      metric: 'earthquake.magnitude',
      subjects: ['region:Alaska', 'region:CA'],
      operator: 'above',
      threshold: '3.99',
      channels: ['email'],
      notifyRecovery: false,
    },
  ],
};

/** Reads mail for the rain; his frost warnings stay in the inbox. */
const FINN: DemoCustomer = {
  id: 'finn',
  name: 'Finn Larsen',
  timeZone: 'America/Los_Angeles',
  language: 'en',
  owns: [],
  follows: ['place:Seattle', 'flight:ORD-DFW'],
  contactPoints: [{ channel: 'email', address: 'finn@example.net' }],
  preferences: [],
  rules: [
    {
      title: 'Heavy rain in Seattle',
      metric: 'weather.rain',
      subjects: ['place:Seattle'],
      operator: 'atLeast',
      threshold: '25.0',
      channels: ['email'],
      notifyRecovery: false,
    },
    {
      title: 'Frost in Seattle',
      metric: 'weather.low',
      subjects: ['place:Seattle'],
      operator: 'below',
      threshold: '0.0',
      recovery: '2.0',
      channels: ['inbox'],
    },
  ],
};

/** Has switched texts about flights off: only the airline's own news reaches her phone. */
const GWEN: DemoCustomer = {
  id: 'gwen',
  name: 'Gwen Moss',
  timeZone: 'America/Chicago',
  language: 'en',
  owns: [],
  follows: ['flight:ORD-DFW', 'flight:DFW-ORD', 'flight:LAX-SFO', 'flight:SFO-LAX'],
  contactPoints: [
    { channel: 'sms', address: '+12025550188' },
    { channel: 'social', address: '1000000000000000077' },
  ],
  preferences: [{ topic: 'flights', channel: 'sms', enabled: false }],
  rules: [
    {
      title: 'Late between Chicago, Dallas and the coast',
      metric: 'flight.delay',
      subjects: ['flight:ORD-DFW', 'flight:DFW-ORD', 'flight:LAX-SFO', 'flight:SFO-LAX'],
      operator: 'above',
      threshold: '45',
      recovery: '15',
      topic: 'flights',
    },
  ],
};

export const CUSTOMERS: DemoCustomer[] = [ANA, BEN, CARLA, DEV, EMI, FINN, GWEN];

/** Row 9,633 of the flights (from 0): the 14:41 of 13 February 2001, 160 minutes late, about half-way through. */
export const AIRLINE_NEWS: DemoServiceAlert = {
  afterEvent: 'flight-9633',
  draft: {
    title: 'Chicago to Dallas: long delays',
    text: 'The 14:41 from Chicago O’Hare to Dallas runs 160 minutes late. You may change to any later flight today at no charge; your seat stays yours if you wait.',
    severity: 'warning',
    audience: { kind: 'subjects', subjects: ['flight:ORD-DFW'], relations: ['owns', 'follows'] },
    publicPost: true,
  },
};
