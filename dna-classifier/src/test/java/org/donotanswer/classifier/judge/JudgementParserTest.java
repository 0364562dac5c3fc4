package org.donotanswer.classifier.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JudgementParserTest {
    private static final String TOKEN = "0123456789abcdef01234567";
    private static final String KEY = "0".repeat(64);
    private static final String GOOD = ScriptedChat.json(TOKEN, "REFUTE_OPINION", false, "0.25");
    private static final String TAG = ScriptedChat.tag(TOKEN, "REFUTE_OPINION", false, "0.25");

    private static Judgement parse(ReplyFormat form, boolean both, String text) throws UnreadableReplyException {
        return JudgementParser.parse(new JudgeReply(KEY, form, TOKEN, both, ScriptedChat.reply(text)));
    }

    private static void assertUnreadable(ReplyFormat form, String text) {
        assertThatExceptionOfType(UnreadableReplyException.class)
                .isThrownBy(() -> parse(form, false, text))
                .satisfies(e -> assertThat(e.getMessage()).contains(" must ").doesNotContain("secretword", TOKEN));
    }

    @Test
    void json_inTheRequestedForm_isParsed() throws UnreadableReplyException {
        for (String text :
                new String[] {GOOD, "\n " + GOOD + "\n", "```json\n" + GOOD + "\n```", "```\n" + GOOD + "\n```"}) {
            Judgement judgement = parse(ReplyFormat.JSON, false, text);

            assertThat(judgement.action()).isEqualTo(ResponseAction.REFUTE_OPINION);
            assertThat(judgement.harmful()).isEqualTo(0.25);
            assertThat(judgement.instruction()).isEmpty();
        }
    }

    @Test
    void tag_inTheRequestedForm_isParsed() throws UnreadableReplyException {
        for (String text :
                new String[] {TAG, "It contradicts.\n\n" + TAG + "\n", "Well:\n```\n" + TAG + "\n```", "`" + TAG + "`"
                }) {
            Judgement judgement = parse(ReplyFormat.TAGGED, false, text);

            assertThat(judgement.action()).isEqualTo(ResponseAction.REFUTE_OPINION);
            assertThat(judgement.harmful()).isEqualTo(0.25);
        }
    }

    @Test
    void judgementOfInstruction_isParsed() throws UnreadableReplyException {
        String more = "\"instruction_risk\":1,\"harm_type\":\"ADULT_CONTENT\"}";
        Judgement json = parse(ReplyFormat.JSON, true, GOOD.replace("}", "," + more));
        Judgement tag = parse(
                ReplyFormat.TAGGED, true, TAG.replace("/>", " instruction_risk=\"1\" harm_type=\"ADULT_CONTENT\"/>"));

        assertThat(json).isEqualTo(tag);
        assertThat(json.instruction()).contains(new Judgement.InstructionJudgement(1, HarmType.ADULT_CONTENT));
        assertThatExceptionOfType(UnreadableReplyException.class).isThrownBy(() -> parse(ReplyFormat.JSON, true, GOOD));
        assertThatExceptionOfType(UnreadableReplyException.class)
                .isThrownBy(() -> parse(ReplyFormat.TAGGED, true, TAG));
        assertUnreadable(ReplyFormat.JSON, GOOD.replace("}", "," + more));
        assertUnreadable(
                ReplyFormat.TAGGED, TAG.replace("/>", " instruction_risk=\"1\" harm_type=\"ADULT_CONTENT\"/>"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secretword",
                "null",
                "[]",
                "0.5",
                "\"x\"",
                "{}",
                "GOOD GOOD",
                "GOOD secretword",
                "secretword GOOD",
                "[GOOD]",
                "{\"verdict\":GOOD}",
                "```json\nGOOD\n```\n```json\nGOOD\n```",
                "```json\nGOOD\n``` secretword"
            })
    void json_thatIsNotOneJudgement_isUnreadable(String text) {
        assertUnreadable(ReplyFormat.JSON, text.replace("GOOD", GOOD));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "REFUTE_OPINION # refute_opinion",
                "REFUTE_OPINION # SECRETWORD",
                "\"REFUTE_OPINION\" # 1",
                "\"REFUTE_OPINION\" # [\"REFUTE_OPINION\"]",
                "false # true",
                "false # \"no\"",
                "false # null",
                "0.25 # 1.5",
                "0.25 # -0.1",
                "0.25 # 0.5",
                "0.25 # 1e999",
                "0.25 # NaN",
                "0.25 # \"0.25\"",
                "0.25 # null",
                "0123456789abcdef # 0123456789abcdee",
                "0123456789abcdef # 0123456789ABCDEF",
                "\"harmful\":false # \"harmful\":false,\"harmful\":false",
                "\"harmful\":false # \"harmful\":false,\"harmful\":true",
                "\"harmful\":false # \"harmful\":false,\"secretword\":1",
                "\"harmful\":false, # ''",
                "\"action\":\"REFUTE_OPINION\", # ''",
            })
    void json_withAWrongMember_isUnreadable(String from, String to) {
        String text = GOOD.replace(from.strip(), to.strip());

        assertThat(text).isNotEqualTo(GOOD);
        assertUnreadable(ReplyFormat.JSON, text);
    }

    @Test
    void json_nestedDeeply_isUnreadable() {
        assertUnreadable(ReplyFormat.JSON, "{\"a\":".repeat(5_000) + GOOD + "}".repeat(5_000));
        assertUnreadable(ReplyFormat.JSON, GOOD + " ".repeat(300_000));
        assertUnreadable(ReplyFormat.TAGGED, "x".repeat(300_000) + "\n" + TAG);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secretword",
                "TAG\nTAG",
                "TAG TAG",
                "TAG\nsecretword",
                "TAG secretword",
                "secretword TAG",
                "The token is TOKEN.\nTAG",
                "The token is UPPER.\nTAG",
                "<!-- TAG -->",
                "TOKEN",
                "<verdict token=\"TOKEN\"/>"
            })
    void tag_thatIsNotTheOneAtTheEnd_isUnreadable(String text) {
        assertUnreadable(
                ReplyFormat.TAGGED,
                text.replace("TAG", TAG)
                        .replace("UPPER", TOKEN.toUpperCase(java.util.Locale.ROOT))
                        .replace("TOKEN", TOKEN));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "REFUTE_OPINION # ACTION",
                "harmful=\"no\" # harmful=\"YES_OR_NO\"",
                "harmful=\"no\" # harmful=\"yes\"",
                "harmful=\"no\" # harmful=\"no\" harmful=\"no\"",
                "0.25 # 1.5",
                "0.25 # .25",
                "0.25 # 0.50",
                "0.25 # P",
                "0123456789abcdef # 0123456789abcdee",
                "<verdict # <Verdict",
            })
    void tag_withAWrongAttribute_isUnreadable(String from, String to) {
        String text = TAG.replace(from.strip(), to.strip());

        assertThat(text).isNotEqualTo(TAG);
        assertUnreadable(ReplyFormat.TAGGED, text);
    }
}
