package org.donotanswer.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LlmFamilyTest {
    @ParameterizedTest
    @CsvSource({
        "GPT4, gpt-4",
        "gpt-4-turbo-2024-04-09, gpt-4",
        "openai/chatgpt-4o-latest, gpt-4",
        "ChatGPT, gpt-3.5",
        "gpt3.5, gpt-3.5",
        "gpt-3.5-turbo-0613, gpt-3.5",
        "openai/gpt-5.5-20260423, gpt-5",
        "openai/gpt-oss-120b, gpt-oss",
        "text_davinci_003, gpt-3",
        "Claude, claude",
        "anthropic/claude-opus-4.5, claude",
        "ChatGLM2, glm",
        "thudm/glm-4-32b-0414, glm",
        "llama2-7b-chat, llama-2",
        "llama2_70b, llama-2",
        "Meta-Llama-3.1-8B-Instruct-Turbo, llama-3",
        "us.meta.llama3-3-70b-instruct-v1:0, llama-3",
        "meta-llama/llama-4-scout, llama-4",
        "vicuna-7b, vicuna",
        "vicuna-uncensored, vicuna",
        "FuseChat-Qwen-2.5-7B-Instruct, qwen",
        "Mixtral-8x7B-Instruct-v0.1, mistral",
        "Yi-34B-Chat, yi",
        "DeepSeek-R1, deepseek",
        "microsoft/Phi-2, phi-2",
    })
    void family_namesOfSources_areRecognized(String name, String family) {
        assertThat(Llm.of(name).family()).isEqualTo(family);
        assertThat(LlmFamily.of(name)).contains(family);
    }

    @Test
    void of_people_isEmpty() {
        assertThat(LlmFamily.of("human")).isEmpty();
        assertThat(LlmFamily.of("written")).isEmpty();
        assertThat(LlmFamily.of("dialogue models and people")).isEmpty();
    }
}
