package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.donotanswer.bench.UsageException;
import org.donotanswer.bench.crossvalidation.Holdout;
import org.donotanswer.bench.crossvalidation.TrainingSet;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.harness.table.TableSettings;
import org.donotanswer.internal.Sha256;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options for what a model is trained on: the benchmark, more data, and the user's own. Not thread-safe. */
final class TrainingDataOptions {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Directory of the published Do-Not-Answer files, or its data_en.csv. Required unless other"
                    + " exchanges are given.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private @Nullable Path data;

    @Mixin
    private ExtraData extra = new ExtraData();

    @Option(
            names = "--csv",
            paramLabel = "FILE",
            description = "Your own labelled exchanges as " + TableOptions.FORMATS
                    + ". Required unless other exchanges are" + " given.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private @Nullable Path csv;

    @Mixin
    private TableOptions table = new TableOptions();

    /**
     * The examples and where they come from. Immutable, hence thread-safe.
     *
     * @param checksums the SHA-256 of every file, by its name
     */
    record LoadedData(List<TrainingExample> examples, Map<String, String> checksums) {}

    /**
     * Checks that there is a source.
     *
     * @throws UsageException if not
     */
    void check() {
        UsageException.require(isGiven(), "--data or --csv must be given", "neither");
        checkExtra();
    }

    /** Returns whether there is a source. */
    boolean isGiven() {
        return data != null || csv != null;
    }

    /**
     * Checks that more data goes with the benchmark.
     *
     * @throws UsageException if not
     */
    void checkExtra() {
        UsageException.require(data != null || extra.isEmpty(), "--extra must go with --data", "without");
    }

    /** Returns how the files of records are read. */
    TableSettings tableSettings() {
        return table.settings();
    }

    /** Returns all examples: those of the benchmark and of more data, then the user's own. */
    LoadedData load() throws IOException {
        List<TrainingExample> examples = new ArrayList<>();
        Map<String, String> checksums = new LinkedHashMap<>();
        if (data != null) {
            TrainingSet set = extra.trainingSet(DoNotAnswer.load(data));
            examples.addAll(set.examples(Holdout.none()));
            checksums.putAll(set.checksums());
        }
        if (csv != null) {
            examples.addAll(TrainingFile.read(csv, table.settings()));
            checksums.put("csv/" + csv.getFileName(), Sha256.of(csv));
        }
        return new LoadedData(examples, checksums);
    }
}
