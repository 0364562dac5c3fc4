package org.donotanswer.classifier.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.donotanswer.fuzz.FuzzTests;
import org.donotanswer.fuzz.ReaderContract;
import org.donotanswer.fuzz.Seeds;
import org.junit.jupiter.params.provider.MethodSource;

final class JudgeFuzzTest implements FuzzTests {
    private static final String TOKEN = "0123456789abcdef01234567";
    private static final String KEY = "0".repeat(64);
    private static final String ACTION = "REFUTE_OPINION";

    static Stream<byte[]> replies() {
        String json = ScriptedChat.json(TOKEN, ACTION, false, "0.25");
        return Seeds.texts(
                json,
                json.replace("}", ", \"instruction_risk\": 0.5, \"harm_type\": \"TOXIC_LANGUAGE\"}"),
                "```json\n" + json + "\n```",
                "<think>hm</think>" + ScriptedChat.tag(TOKEN, ACTION, false, "0.25"),
                "`<verdict token=\"" + TOKEN + "\" action=\"" + ACTION + "\" harmful=\"yes\" probability=\"0.5\""
                        + " instruction_risk=\"1\" harm_type=\"TOXIC_LANGUAGE\"/>`\n```");
    }

    @MethodSource("replies")
    @FuzzTest
    void reply(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        for (ReplyFormat format : ReplyFormat.values()) {
            for (boolean both : new boolean[] {false, true}) {
                JudgeReply reply = new JudgeReply(KEY, format, TOKEN, both, ScriptedChat.reply(text));
                Optional<Judgement> judgement =
                        ReaderContract.read(() -> JudgementParser.parse(reply), UnreadableReplyException.class);

                judgement.ifPresent(
                        each -> assertThat(each.toAssessment("judge", false)).isNotNull());
            }
        }
    }

    static Stream<byte[]> storedReplies() {
        return Seeds.texts("{\"formatVersion\":1,\"key\":\"" + KEY + "\",\"form\":\"JSON\",\"token\":\"" + TOKEN
                + "\",\"judgedInstruction\":false,\"model\":\"m\",\"finish\":\"STOP\",\"inputTokens\":1,\"outputTokens\":2,"
                + "\"reply\":\"{}\"}");
    }

    @MethodSource("storedReplies")
    @FuzzTest
    void storedReply(byte[] data) throws IOException {
        FileReplyStore store = new FileReplyStore(
                Seeds.file("replies/00/" + KEY + ".json", data).getParent().getParent());

        assertThat(store.find(KEY)).isNotNull();
    }
}
