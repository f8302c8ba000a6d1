*** Settings ***
Documentation       Assistance keeps a stolen car from being started, once the authorities agree; the PIN lifts it.
...                 Polestar 1, Assistance with Polestar Connect, chapter "Remote Vehicle Immobilizer (RVI)".
Library             ConnectHil


*** Test Cases ***
A Stolen Car Cannot Be Started
    [Documentation]    Also where it was opened and taken with its own key. While it is driven it is not stopped.
    [Tags]    B-25    B-26    procedure:immobiliser
    Given The Car Is Opened And Driven Off With Its Own Key
    When The Owner Reports The Theft To Assistance
    Then Assistance Cannot Disable The Keys Before The Authorities Agree
    When The Authorities Agree When Assistance Consults Them
    And Assistance Disables The Keys
    Then The Engine Runs On
    When The Engine Is Switched Off
    Then No Key Starts The Car

The Theft Is Reported To The Authorities
    [Documentation]    The owner may go to them instead; Assistance consults them all the same, and disables the keys.
    [Tags]    B-25    procedure:immobiliser-authorities
    When The Owner Reports The Theft To The Authorities
    Then Assistance Cannot Disable The Keys Before The Authorities Agree
    When The Authorities Agree When Assistance Consults Them
    And Assistance Disables The Keys
    Then No Key Starts The Car

A Disabled Car Starts Again After The PIN
    [Documentation]    A wrong PIN changes nothing; the right one, verified by Assistance, brings the car back.
    [Tags]    B-27    procedure:immobiliser-release
    Given Assistance Has Disabled The Keys After Consulting The Authorities
    Then No Key Starts The Car
    When The Owner Gives Assistance A Wrong PIN
    Then No Key Starts The Car
    When Assistance Verifies The PIN And Activates The Car
    Then The Key Starts The Car
