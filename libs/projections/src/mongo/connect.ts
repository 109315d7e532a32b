export * from '#event-log/mongo/connect';
