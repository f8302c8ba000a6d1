*** Settings ***
Documentation       The car connects to the network by its modem.
...                 Polestar 1, Assistance with Polestar Connect, chapter "Internet by the vehicle modem".
Library             ConnectHil


*** Test Cases ***
The Modem Attaches After The Car Is Powered
    [Documentation]    From battery on to attached, as the modem and the network tell it.
    [Tags]    B-24    procedure:attach-power-on
    Given The Car Has No Power
    When The Car Is Powered
    Then The Modem Is Attached In Time After Power On
    And Modem And Network Tester Agree

The Modem Attaches After The PIN Is Entered
    [Documentation]    From the SIM's PIN to attached.
    [Tags]    B-24    procedure:attach-pin
    Given The SIM Asks For Its PIN
    When The Right PIN Is Entered
    Then The Modem Is Attached In Time After The PIN
    And Modem And Network Tester Agree
