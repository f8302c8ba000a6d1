*** Settings ***
Documentation       The car connects to the network by its modem.
...                 Polestar 1, Assistance with Polestar Connect, chapter on the Internet by vehicle modem (SIM card).
Library             ConnectHil


*** Test Cases ***
The Car Connects To The Network When It Is Powered
    [Documentation]    From battery on to attached, as the modem and the network tell it.
    [Tags]    B-24    procedure:modem-attach
    Given The Car Has No Power
    When The Car Is Powered
    Then The Car Is Connected To The Network In Time After Power On
    And Modem And Network Tester Agree

The Car Connects To The Network When The PIN Is Entered
    [Documentation]    From the SIM's PIN to attached, as the modem and the network tell it.
    [Tags]    B-24    procedure:modem-attach-pin
    Given The SIM Asks For Its PIN
    When The Right PIN Is Entered
    Then The Car Is Connected To The Network In Time After The PIN
    And Modem And Network Tester Agree
