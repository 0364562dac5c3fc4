package org.donotanswer.encoder;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.donotanswer.classifier.finetune.EncoderArtifact;
import org.donotanswer.classifier.weights.CheckpointWeights;

/** The pretrained encoder that a model changes. Thread-safe. */
interface EncoderBase {
    /** Returns which encoder it is. */
    EncoderArtifact artifact();

    /**
     * Returns the checksum of the encoder's file.
     *
     * @throws IllegalStateException if the artifact is not on the class path
     * @throws IOException if it cannot be read
     */
    String sha256() throws IOException;

    /**
     * Returns the weights, which are read anew.
     *
     * @param sha256 the checksum that the encoder's file must have
     * @throws IllegalStateException if the artifact is not on the class path
     * @throws org.donotanswer.evaluate.ModelFormatException if the file has another checksum
     * @throws IOException if it cannot be read
     */
    CheckpointWeights weights(String sha256) throws IOException;

    /** Returns the base in an artifact. */
    static EncoderBase of(EncoderArtifact artifact) {
        return new EncoderBase() {
            @Override
            public EncoderArtifact artifact() {
                return artifact;
            }

            @Override
            public String sha256() throws IOException {
                return artifact.sha256();
            }

            @Override
            public CheckpointWeights weights(String sha256) throws IOException {
                return artifact.weights(sha256);
            }
        };
    }

    /**
     * Returns the base with Maven coordinates, whatever their version: later versions of an artifact may have the same file.
     */
    static Optional<EncoderBase> named(String coordinates) {
        return Arrays.stream(EncoderArtifact.values())
                .filter(artifact -> withoutVersion(artifact.coordinates()).equals(withoutVersion(coordinates)))
                .findFirst()
                .map(EncoderBase::of);
    }

    private static String withoutVersion(String coordinates) {
        return coordinates.substring(0, Math.max(0, coordinates.lastIndexOf(':')));
    }
}
