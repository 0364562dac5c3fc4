package org.donotanswer.guard.springai;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Verifies that the tests run with the intended version of the framework. */
class SpringAiVersionTest {
    @Test
    void framework_hasTheTestedVersion() {
        String version = System.getProperty("spring-ai.version");
        assertThat(org.springframework.ai.chat.client.ChatClient.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .endsWith("-" + version + ".jar");
    }
}
