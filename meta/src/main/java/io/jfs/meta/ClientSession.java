package io.jfs.meta;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.meta.background.Leases;
import io.jfs.meta.model.FsException;
import io.jfs.meta.record.Records;
import io.jfs.meta.session.SessionFacts;
import io.jfs.meta.session.SessionRegister;
import io.jfs.meta.txn.EngineException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This client's own session: from its record to its cleaning. Metadata spec 7.1. */
final class ClientSession {
  private static final Logger LOG = LoggerFactory.getLogger(ClientSession.class);
  private static final long ONE_YEAR_SECONDS = 365L * 24 * 3600;

  private final MetaConfig config;
  private final SessionFacts facts;
  private volatile long id;

  @GuardedBy("this")
  private boolean closed;

  ClientSession(MetaConfig config, SessionFacts facts) {
    this.config = config;
    this.facts = facts;
  }

  /** The session's id; 0 if there is none. */
  long id() {
    return id;
  }

  void open(SessionRegister register) throws FsException {
    if (config.readOnly()) {
      return;
    }
    if (config.continuedSession() != 0) {
      id = config.continuedSession();
      register.takeOver(id, facts, lifeSeconds());
      LOG.info("Update session {} OK with version: {}", id, facts.version());
    } else {
      id = register.open(facts, lifeSeconds());
      LOG.info("Create session {} OK with version: {}", id, facts.version());
    }
  }

  private long lifeSeconds() {
    Duration heartbeat = config.heartbeat();
    return heartbeat.isZero()
        ? ONE_YEAR_SECONDS
        : Math.max(1, heartbeat.multipliedBy(5).toSeconds());
  }

  /** Lives on. */
  synchronized void refresh(SessionRegister register) throws FsException {
    if (id != 0 && !closed) {
      register.refresh(id, facts, lifeSeconds());
    }
  }

  /** Cleans up after clients that have died, if it is this client's turn. */
  void cleanStale(SessionRegister register, Leases leases) throws FsException {
    Duration span = config.heartbeat().multipliedBy(9).dividedBy(10);
    if (id == 0 || !config.backgroundJobs() || !leases.take(Records.Lease.CLEANUP_SESSIONS, span)) {
      return;
    }
    List<Long> stale = register.stale();
    for (long sid : stale) {
      LOG.info("clean up stale session {}", sid);
      register.cleanStale(sid);
    }
  }

  /** The session outlives this client: {@link #close} leaves it, its locks and open files alone. */
  synchronized void leave() {
    closed = true;
  }

  /** Ends the session; what cannot be cleaned is left to other clients. */
  synchronized void close(SessionRegister register) {
    if (id == 0 || closed) {
      return;
    }
    closed = true;
    try {
      register.close(id);
    } catch (FsException | EngineException e) {
      LOG.warn("session {} is left to other clients: {}", id, e.getMessage());
    }
  }
}
