"""What the off-board API consists of, by docs/interfaces.md: every method and path, and nothing else (all clauses)."""

CONTRACT = {
    "GET /clock", "GET /network", "PUT /network", "POST /network/schedule", "GET /network/countries",
    "GET /position", "PUT /position", "GET /records", "GET /app/requests", "POST /app/requests",
    "POST /voice/calls/{identity}", "GET /assistance/cases", "POST /assistance/cases/{identity}/hand-over",
    "POST /assistance/cases/{identity}/close",
} | {
    f"{call.replace('*', centre)}" for centre in ("assistance", "emergency") for call in (
        "GET /*", "PUT /*", "GET /*/calls", "POST /*/calls/{identity}/hang-up", "POST /*/calls/{identity}/request-msd",
        "POST /*/call-back",
    )
} | {
    "DELETE /network/schedule", "GET /records/newest", "DELETE /assistance/call-back", "DELETE /emergency/call-back",
    "GET /bench/troubles", "POST /bench/troubles", "DELETE /bench/troubles", "DELETE /bench/troubles/{number}",
} | {
    "GET /connect", "PUT /connect", "GET /assistance/remote-unlocks", "POST /assistance/remote-unlocks",
    "POST /assistance/remote-unlocks/{identity}/pin", "GET /assistance/immobilisations",
    "POST /assistance/immobilisations", "POST /assistance/immobilisations/{identity}/authorities",
    "POST /assistance/immobilisations/{identity}/disable",
    "POST /assistance/immobilisations/{identity}/release",
} | {
    "GET /accounts", "POST /accounts", "GET /delivery-centre", "PUT /delivery-centre", "POST /world/as-usual",
    "GET /phones", "GET /linking", "GET /roadside", "PUT /roadside", "POST /assistance/cases/{identity}/quote/accept",
    "POST /assistance/cases/{identity}/quote/decline", "POST /assistance/cases/{identity}/recovery",
    "GET /assistance/theft-cases", "POST /assistance/theft-cases", "POST /assistance/theft-cases/{identity}/close",
    "POST /assistance/theft-cases/{identity}/tracking",
} | {
    "GET /provider", "PUT /provider", "GET /provider/set-ups", "POST /provider/set-ups",
    "POST /provider/set-ups/{identity}/steps", "GET /provider/contracts", "GET /provider/contracts/{emaid}",
    "POST /provider/contracts/{emaid}/end", "POST /provider/contracts/{emaid}/block",
    "DELETE /provider/contracts/{emaid}/block",
} | {
    "GET /station", "PUT /station", "POST /station/identify", "POST /station/stop", "GET /station/sessions",
} | {
    f"{call.replace('*', '/phones/{identity}')}" for call in (
        "GET *", "PUT *", "POST */login", "GET */inbox", "POST */scan", "POST */confirm", "GET */linking", "GET */link",
        "DELETE */link", "GET */commands", "POST */commands",
    )
}  # fmt: skip
