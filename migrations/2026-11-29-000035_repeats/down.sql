DROP INDEX alerts_repeated;
