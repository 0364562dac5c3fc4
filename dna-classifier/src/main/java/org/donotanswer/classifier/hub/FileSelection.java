package org.donotanswer.classifier.hub;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Selects the files of a repository to download. Immutable, hence thread-safe. */
final class FileSelection {
    private static final String CONFIG = "config.json";
    /**
     * Files with the vocabulary of a tokenizer: each of them alone is enough, except the last two, which go together.
     */
    static final List<String> VOCABULARY = List.of(
            "tokenizer.json",
            "vocab.txt",
            "tokenizer.model",
            "spiece.model",
            "sentencepiece.bpe.model",
            "vocab.json",
            "merges.txt");

    private static final List<String> SMALL = small();

    private final @Nullable List<String> patterns;

    private FileSelection(@Nullable List<String> patterns) {
        this.patterns = patterns;
    }

    private static List<String> small() {
        List<String> names = new ArrayList<>(List.of(CONFIG, "tokenizer_config.json", "special_tokens_map.json"));
        names.addAll(VOCABULARY);
        Collections.sort(names);
        return List.copyOf(names);
    }

    /** Returns the selection of configuration, tokenizer and one format of the weights. */
    static FileSelection forEvaluator() {
        return new FileSelection(null);
    }

    static FileSelection of(List<String> patterns) {
        return new FileSelection(List.copyOf(patterns));
    }

    boolean isForEvaluator() {
        return patterns == null;
    }

    /**
     * Returns whether a snapshot with no {@link #missing} files is complete; with wildcards, it may lack some that
     * match.
     */
    boolean isDecidedByNames() {
        return patterns == null || patterns.stream().noneMatch(FileSelection::isWild);
    }

    /**
     * Returns the files to download, in order: the weights of an evaluator come last, so that a snapshot that has them
     * has everything else too.
     */
    List<String> choose(Set<String> names) {
        List<String> chosen = new ArrayList<>();
        if (patterns == null) {
            SMALL.stream().filter(names::contains).forEach(chosen::add);
            chosen.addAll(WeightFiles.choose(names).files());
        } else {
            new TreeSet<>(names)
                    .stream()
                            .filter(name -> patterns.stream().anyMatch(p -> matches(p, name)))
                            .forEach(chosen::add);
        }
        return chosen;
    }

    /** Returns the required files that are missing; empty if none are. */
    List<String> missing(Set<String> names) {
        List<String> missing = new ArrayList<>();
        if (patterns == null) {
            if (!names.contains(CONFIG)) {
                missing.add(CONFIG);
            }
            missing.addAll(WeightFiles.choose(names).missing());
        } else {
            patterns.stream()
                    .filter(p -> names.stream().noneMatch(name -> matches(p, name)))
                    .forEach(missing::add);
        }
        return missing;
    }

    /** Returns whether the vocabulary of a tokenizer is among the files. */
    static boolean hasVocabulary(Set<String> names) {
        return VOCABULARY.stream().limit(VOCABULARY.size() - 2L).anyMatch(names::contains)
                || (names.contains("vocab.json") && names.contains("merges.txt"));
    }

    private static boolean isWild(String pattern) {
        return pattern.contains("*") || pattern.contains("?");
    }

    /**
     * An asterisk matches any characters, including slashes, as with the Python client; a question mark matches one.
     */
    private static boolean matches(String pattern, String name) {
        String regex = "\\Q"
                + pattern.replace("\\E", "\\E\\\\E\\Q").replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q") + "\\E";
        return Pattern.compile(regex, Pattern.DOTALL).matcher(name).matches();
    }

    /** One format of the weights: the files that there are, and those that are missing. */
    private record WeightFiles(List<String> files, List<String> missing) {
        private static final Pattern SHARD =
                Pattern.compile("(model|pytorch_model)-(\\d{5})-of-(\\d{5})(\\.safetensors|\\.bin)");

        static WeightFiles choose(Set<String> names) {
            for (String whole : List.of("model.safetensors", "pytorch_model.bin")) {
                if (names.contains(whole)) {
                    return new WeightFiles(List.of(whole), List.of());
                }
                if (names.contains(whole + ".index.json")) {
                    return shards(whole, names);
                }
            }
            return new WeightFiles(List.of(), List.of("model.safetensors or pytorch_model.bin"));
        }

        private static WeightFiles shards(String whole, Set<String> names) {
            int dot = whole.lastIndexOf('.');
            SortedSet<String> expected = new TreeSet<>();
            for (String name : new TreeSet<>(names)) {
                Matcher shard = SHARD.matcher(name);
                // The first shard tells how many there are; shards with another count belong to another set.
                if (expected.isEmpty()
                        && shard.matches()
                        && shard.group(1).equals(whole.substring(0, dot))
                        && shard.group(4).equals(whole.substring(dot))) {
                    int count = Integer.parseInt(shard.group(3));
                    for (int i = 1; i <= count; i++) {
                        expected.add(String.format(
                                Locale.ROOT, "%s-%05d-of-%05d%s", shard.group(1), i, count, shard.group(4)));
                    }
                }
            }
            List<String> missing = new ArrayList<>(
                    expected.stream().filter(n -> !names.contains(n)).toList());
            if (expected.isEmpty()) {
                missing.add("the files that " + whole + ".index.json names");
            }
            List<String> files =
                    new ArrayList<>(expected.stream().filter(names::contains).toList());
            files.add(whole + ".index.json");
            return new WeightFiles(files, missing);
        }
    }
}
