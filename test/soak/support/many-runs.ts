process.env.LOGS_RUNS ??= "20";
