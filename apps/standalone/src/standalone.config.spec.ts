import { readConfig, withoutProviders } from './standalone.config';

describe('the settings of npm start', () => {
  it('need nothing: port 3000, the data in the working directory, a PostgreSQL of its own', () => {
    expect(readConfig('/home/me', {})).toMatchObject({
      ok: true,
      config: { port: 3000, dispatcherPort: 0, folder: '/home/me/.tidings', databaseUrl: null },
    });
  });

  it('take a data folder relative to the working directory', () => {
    expect(readConfig('/home/me', { TIDINGS_DATA: 'trial' })).toMatchObject({
      config: { folder: '/home/me/trial' },
    });
  });

  it('tell every problem at once', () => {
    expect(readConfig('/', { PORT: '70000', DISPATCHER_PORT: 'x' })).toEqual({
      ok: false,
      problems: [
        'PORT must be a port number from 0 to 65535, not "70000"',
        'DISPATCHER_PORT must be a port number from 0 to 65535, not "x"',
      ],
    });
  });

  it('do not let both programs listen on one port', () => {
    expect(readConfig('/', { PORT: '4000', DISPATCHER_PORT: '4000' })).toEqual({
      ok: false,
      problems: ['PORT and DISPATCHER_PORT must differ'],
    });
  });

  it('keep the credentials of real providers away from people who do not exist', () => {
    const env = {
      TWILIO_AUTH_TOKEN: 'a',
      SENDGRID_API_KEY: 'b',
      X_API_KEY: 'c',
      PATH: '/bin',
      LOG_LEVEL: 'debug',
    };
    expect(withoutProviders(env)).toEqual({ PATH: '/bin', LOG_LEVEL: 'debug' });
  });
});
