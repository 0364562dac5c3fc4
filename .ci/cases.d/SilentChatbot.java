package org.donotanswer.examples;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.donotanswer.guard.SafetyGuard;

/** The HTTP example with a chatbot that returns nothing. Prints the status of the reply. */
final class SilentChatbot {
    public static void main(String[] args) throws Exception {
        GuardHttpEndpoint endpoint = GuardHttpEndpoint.start(0, SafetyGuard.create(), message -> null);
        HttpRequest request = HttpRequest.newBuilder(endpoint.address())
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(20))
                .POST(HttpRequest.BodyPublishers.ofString("{\"message\":\"Hello\"}"))
                .build();
        try {
            HttpResponse<String> reply = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            System.out.println("status " + reply.statusCode() + ", " + (reply.body().startsWith("{") ? "JSON" : "no JSON"));
        } catch (IOException e) {
            System.out.println("no reply");
        }
        System.exit(0);
    }
}
