package io.jfs.meta.txn;

import java.util.List;
import java.util.Map;

/**
 * What a transaction asks an engine to do at once or not at all.
 *
 * @param observations what must still hold: values read, fields absent, tables empty, logs'
 *     beginnings
 * @param mutations what to change; empty for a transaction that only wants its reads confirmed
 */
public record Commit(Map<Ref, Observed> observations, List<Mutation> mutations) {}
