/** What is used of `@duckdb/node-api`, which is installed with the measures, if at all. */
export declare const DuckDBInstance: {
  create(path: string): Promise<{
    connect(): Promise<{
      runAndReadAll(query: string): Promise<{ getRowObjectsJson(): Record<string, unknown>[] }>;
    }>;
  }>;
};
