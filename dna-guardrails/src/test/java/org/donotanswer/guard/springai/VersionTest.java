package org.donotanswer.guard.springai;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Makes sure that the tests run with the release of the framework that they are meant for. */
class VersionTest {
    @Test
    void framework_isOfTheVersionTested() {
        String version = System.getProperty("spring-ai.version");
        assertThat(org.springframework.ai.chat.client.ChatClient.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .endsWith("-" + version + ".jar");
    }
}
