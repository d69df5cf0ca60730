package io.jfs.cli.mount;

import io.jfs.cli.option.Option;
import io.jfs.cli.option.OptionGroup;
import io.jfs.cli.option.UsageException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns what mount(8) passes to {@code mount.jfs} into the arguments of {@code jfs mount}: words of
 * {@code -o} that name one of our options become that option, words for mount(8) itself are
 * dropped, the rest stays in {@code -o}. Command-line spec 3.10.
 */
public final class FstabWords {
  private static final Set<String> DROPPED =
      Set.of("_netdev", "nofail", "rw", "defaults", "remount", "background", "auto", "noauto");

  private static final Map<String, String> RENAMED =
      Map.of(
          "attrcacheto", "attr-cache",
          "entrycacheto", "entry-cache",
          "direntrycacheto", "dir-entry-cache");

  private final Map<String, Option<?>> known = new HashMap<>();

  /** With the options that {@code jfs mount} takes. */
  public FstabWords(List<OptionGroup> groups) {
    groups.forEach(
        group ->
            group.options().stream()
                .filter(option -> option.name().length() > 1)
                .forEach(option -> known.put(option.name(), option)));
  }

  /**
   * Arguments with the words of every {@code -o} translated.
   *
   * @throws UsageException if an option needs a value and has none
   */
  public List<String> translate(List<String> args) throws UsageException {
    List<String> translated = new ArrayList<>();
    List<String> passedOn = new ArrayList<>();
    for (int at = 0; at < args.size(); at++) {
      if (args.get(at).equals("-o") && at + 1 < args.size()) {
        at++;
        for (String word : args.get(at).split(",")) {
          translateWord(word.strip(), translated, passedOn);
        }
      } else {
        translated.add(args.get(at));
      }
    }
    if (!passedOn.isEmpty()) {
      translated.add("-o");
      translated.add(String.join(",", passedOn));
    }
    return translated;
  }

  private void translateWord(String word, List<String> translated, List<String> passedOn)
      throws UsageException {
    int equals = word.indexOf('=');
    String given = equals < 0 ? word : word.substring(0, equals);
    String name = RENAMED.getOrDefault(given, given);
    Option<?> option = known.get(name);
    if (word.isEmpty() || DROPPED.contains(word)) {
      return;
    }
    if (option == null) {
      passedOn.add(word);
      return;
    }
    if (equals < 0 && !option.isFlag()) {
      throw new UsageException("option " + given + " requires a value");
    }
    translated.add("--" + name + (equals < 0 ? "" : word.substring(equals)));
  }
}
