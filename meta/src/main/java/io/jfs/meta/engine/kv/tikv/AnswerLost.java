package io.jfs.meta.engine.kv.tikv;

/** A request that may not be repeated may or may not have been carried out. */
final class AnswerLost extends RuntimeException {
  AnswerLost(String why, Throwable cause) {
    super(why, cause);
  }
}
