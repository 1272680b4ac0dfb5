process.env.LOGS_ALERT_RUNS ??= "1000";
