/** Environment variable with the address at which test workers ask for the shared database server. */
export const SERVER_DESK = 'TEST_SERVER_DESK';
