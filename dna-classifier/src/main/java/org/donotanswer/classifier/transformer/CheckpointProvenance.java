package org.donotanswer.classifier.transformer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.ProvenanceBuilder;
import org.donotanswer.internal.Sha256;

/** Describes how an evaluator was built from its checkpoints. */
final class CheckpointProvenance {
    private CheckpointProvenance() {}

    /**
     * Returns the checksums of all relevant files, and the settings under which they are run.
     *
     * @throws UncheckedIOException if a file cannot be read
     */
    static Provenance of(String name, List<Checkpoint> checkpoints) {
        ProvenanceBuilder provenance = Provenance.builder(name, architectures(checkpoints));
        for (int i = 0; i < checkpoints.size(); i++) {
            Checkpoint checkpoint = checkpoints.get(i);
            String checkpointName = uniqueName(checkpoints, i);
            try (Stream<Path> files = Files.list(checkpoint.directory())) {
                for (Path file :
                        files.filter(CheckpointProvenance::isRecorded).sorted().toList()) {
                    provenance.data(checkpointName + "/" + file.getFileName(), Sha256.of(file));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            List<CheckpointHead> heads = checkpoint.heads().heads();
            for (CheckpointHead head : heads) {
                String kind = heads.size() == 1 ? "" : head.kind().words() + " ";
                provenance.parameter(checkpointName + " " + kind + "head", head.describe());
            }
            provenance.parameter(
                    checkpointName + " input format", checkpoint.format().name());
            provenance.parameter(
                    checkpointName + " precision", checkpoint.precision().name());
            if (checkpoint.model() instanceof CheckpointModel model) {
                // Plain where packed ones are wrong on this processor, or PyTorch has none.
                provenance.parameter(
                        checkpointName + " products", model.kernels().packed() ? "packed" : "plain");
            }
            provenance.parameter(
                    checkpointName + " max tokens",
                    String.valueOf(checkpoint.tokenizer().maxTokens()));
            TokenizerOptions reading = checkpoint.tokenizer().options();
            if (reading.maxWindows() > 1) {
                provenance.parameter(
                        checkpointName + " windows",
                        reading.maxWindows() + " overlapping by " + reading.windowOverlap() + " tokens");
            }
            if (!checkpoint.givenLabels().isEmpty()) {
                provenance.parameter(checkpointName + " labels", new TreeMap<>(checkpoint.givenLabels()).toString());
            }
            if (!checkpoint.remarks().isEmpty()) {
                provenance.parameter(checkpointName + " remarks", String.join("; ", checkpoint.remarks()));
            }
        }
        return provenance.platform("PyTorch", Torch.version()).build();
    }

    /** Returns the name of a checkpoint, followed by what it predicts if another has the same name. */
    private static String uniqueName(List<Checkpoint> checkpoints, int index) {
        Checkpoint checkpoint = checkpoints.get(index);
        boolean alone = checkpoints.stream()
                        .filter(other -> other.name().equals(checkpoint.name()))
                        .count()
                == 1;
        return alone
                ? checkpoint.name()
                : checkpoint.name() + " ("
                        + String.join(
                                ", ", HeadKind.configNames(checkpoint.heads().kinds())) + ")";
    }

    private static String architectures(List<Checkpoint> checkpoints) {
        return String.join(
                " + ", checkpoints.stream().map(Checkpoint::architecture).toList());
    }

    private static boolean isRecorded(Path file) {
        String name = file.getFileName().toString();
        return Files.isRegularFile(file)
                && (name.equals("config.json")
                        || name.startsWith("tokenizer")
                        || name.equals("added_tokens.json")
                        || name.equals("special_tokens_map.json")
                        || name.endsWith(".safetensors")
                        || name.endsWith(".bin")
                        || name.endsWith(".pt")
                        || name.endsWith(".index.json")
                        || name.equals("serving.properties"));
    }
}
