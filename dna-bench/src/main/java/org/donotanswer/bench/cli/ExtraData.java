package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.bench.UsageException;
import org.donotanswer.bench.crossvalidation.TrainingSet;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.dataset.ExampleSet;
import org.donotanswer.dataset.PairLabels;
import org.donotanswer.dataset.PreferencePair;
import org.donotanswer.dataset.SupplementaryData;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for training data beside the benchmark. Not thread-safe. */
@InSection(HelpSection.INPUT_OUTPUT)
final class ExtraData {
    /** The file that tells a directory of supplementary data from one of labelled examples. */
    private static final String SUPPLEMENTARY_FILE = "benign_exchanges.jsonl";

    private static final double MAX_WEIGHT = 100;

    @Option(
            names = "--extra",
            paramLabel = "DIR",
            arity = "1..*",
            description = "Directories of more training data: benign exchanges and risky instructions"
                    + " (benign_exchanges.jsonl and others), or labelled examples (*.jsonl), which may be data on prompt"
                    + " injection, of which harmless texts are trained on. Default: none.")
    private List<Path> directories = new ArrayList<>();

    @Option(
            names = "--pair-labels",
            paramLabel = "FILE",
            description =
                    "Labels of the responses in hh_harmless_pairs.jsonl of --extra, which has none, by checksums of the"
                            + " texts. Default: these responses are not used.")
    private @Nullable Path pairLabels;

    @Option(
            names = "--exclude-licence",
            paramLabel = "PATTERN",
            description =
                    "Leaves out data of --extra whose licence contains these words, for example NC; benign exchanges"
                            + " count as CC BY-NC 4.0, those with alarming words as CC BY-SA 3.0. Default: none.")
    private List<String> excludedLicences = new ArrayList<>();

    @Option(
            names = "--source-weight",
            paramLabel = "NAME=W",
            description = "The factor of the weight of a source's labelled examples; 0 leaves them out. Default: 1.")
    private Map<String, Double> sourceWeights = new LinkedHashMap<>();

    boolean isEmpty() {
        return directories.isEmpty();
    }

    /** Returns the training set of the benchmark and the data that the options name. */
    TrainingSet trainingSet(DoNotAnswer data) throws IOException {
        UsageException.require(
                excludedLicences.isEmpty() || !directories.isEmpty(),
                "--exclude-licence must go with --extra",
                "without");
        Optional<SupplementaryData> supplementary = Optional.empty();
        List<Path> labelled = new ArrayList<>();
        for (Path directory : directories) {
            if (!Files.isRegularFile(directory.resolve(SUPPLEMENTARY_FILE))) {
                labelled.add(directory);
            } else if (supplementary.isEmpty()) {
                supplementary = Optional.of(filtered(SupplementaryData.load(directory)));
            } else {
                throw new UsageException(
                        "--extra must name one directory with " + SUPPLEMENTARY_FILE + ", but was two");
            }
        }
        return new TrainingSet(data, supplementary, examples(labelled, supplementary), sourceWeights);
    }

    private Optional<ExampleSet> examples(List<Path> paths, Optional<SupplementaryData> supplementary)
            throws IOException {
        checkWeights();
        Optional<ExampleSet> ofPairs = ofPairs(supplementary);
        if (paths.isEmpty() && ofPairs.isEmpty()) {
            UsageException.require(
                    sourceWeights.isEmpty(), "--source-weight must go with labelled examples in --extra", "without");
            return Optional.empty();
        }
        ExampleSet set;
        if (paths.isEmpty()) {
            set = ofPairs.get();
        } else {
            ExampleSet ofFiles = ExampleSet.load(paths);
            set = ofPairs.map(ofFiles::and).orElse(ofFiles);
        }
        return Optional.of(UsageException.orUsage(() -> filtered(set)));
    }

    private Optional<ExampleSet> ofPairs(Optional<SupplementaryData> supplementary) throws IOException {
        if (pairLabels == null) {
            return Optional.empty();
        }
        List<PreferencePair> pairs =
                supplementary.map(SupplementaryData::preferencePairs).orElse(List.of());
        UsageException.require(
                !pairs.isEmpty(),
                "--pair-labels must go with pairs in --extra",
                "without, or with their licence excluded");
        return Optional.of(PairLabels.load(pairLabels).examples(pairs));
    }

    private SupplementaryData filtered(SupplementaryData supplementary) {
        return excludedLicences.isEmpty()
                ? supplementary
                : UsageException.orUsage(() -> supplementary.excludingLicences(excludedLicences));
    }

    private ExampleSet filtered(ExampleSet set) {
        set.requireSources(sourceWeights.keySet());
        List<String> excluded = sourceWeights.entrySet().stream()
                .filter(entry -> entry.getValue() == 0)
                .map(Map.Entry::getKey)
                .toList();
        ExampleSet left = excluded.isEmpty() ? set : set.excludingSources(excluded);
        return excludedLicences.isEmpty() ? left : left.excludingLicences(excludedLicences);
    }

    private void checkWeights() {
        sourceWeights.forEach((source, weight) -> {
            UsageException.require(
                    weight >= 0 && weight <= MAX_WEIGHT,
                    "--source-weight must be from 0 to " + MAX_WEIGHT,
                    weight + " (" + source + ")");
        });
    }
}
