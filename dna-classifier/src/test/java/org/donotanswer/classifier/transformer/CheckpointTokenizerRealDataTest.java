package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests with the vocabulary of BERT, and with one like RoBERTa's, although with other ids. */
@SharedTokenizers
class CheckpointTokenizerRealDataTest extends CheckpointTokenizerContract {
    private static Path directory(String name) {
        return SharedTokenizersCondition.directory().resolve(name);
    }

    @Override
    List<Path> directories() {
        return List.of(directory("bert-uncased"), directory("roberta-bpe"));
    }

    private static long[] ids(String name, InputFormat format, String instruction, String response) throws IOException {
        try (CheckpointTokenizer tokenizer = open(directory(name), 512, format)) {
            return tokenizer.encode(instruction, response).windows().get(0).inputIds();
        }
    }

    @Test
    void encode_separatedString_hasASpecialTokenForBertAndTextForRoberta() throws IOException {
        assertThat(ids("bert-uncased", InputFormat.SEPARATED_STRING, "hello", "world"))
                .containsExactly(101, 7592, 102, 2088, 102);
        assertThat(ids("roberta-bpe", InputFormat.SEPARATED_STRING, "Hello", "world"))
                .containsExactly(0, 15500, 689, 5192, 51, 64, 999, 2);
    }

    @Test
    void encode_pair_matchesTheTokenizer() throws IOException {
        assertThat(ids("roberta-bpe", InputFormat.PAIR, "Hello", "world")).containsExactly(0, 15500, 2, 2, 6898, 2);
    }

    @Test
    void vocabularySize_matchesTheModels() throws IOException {
        try (CheckpointTokenizer bert = open(directory("bert-uncased"), 512, InputFormat.PAIR);
                CheckpointTokenizer roberta = open(directory("roberta-bpe"), 512, InputFormat.PAIR)) {
            assertThat(bert.vocabularySize()).isEqualTo(30_522);
            assertThat(roberta.vocabularySize()).isEqualTo(50_265);
        }
    }
}
