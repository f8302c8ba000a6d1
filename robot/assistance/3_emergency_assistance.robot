*** Settings ***
Documentation       The SOS button calls Polestar Assistance by hand, and can be locked.
...                 Polestar 1, Assistance with Polestar Connect, chapter "Emergency assistance".
Library             ConnectHil


*** Test Cases ***
Holding SOS Calls Assistance
    [Documentation]    Two seconds on the button: one call, and a message with the car's position.
    [Tags]    B-09    B-10    B-04    procedure:sos-call
    Given The Car Is Parked With Ignition II
    When The Driver Holds SOS For 2 s
    Then Assistance Receives One Manual Call
    And The Message Tells The Car's Position And A Manual Trigger

Touching SOS Calls Nobody
    [Documentation]    A press of less than two seconds does nothing at all.
    [Tags]    B-10    procedure:sos-short-press
    Given The Car Is Parked With Ignition II
    When The Driver Holds SOS For 1 s
    Then Nobody Is Called

Assistance Speaks With The Driver After SOS And Sends Help
    [Documentation]    Assistance is heard in the car, the driver answers, and the case goes to the service that fits.
    [Tags]    B-11    B-05    B-06    procedure:sos-assistance
    Given The Car Is Parked With Ignition II
    When The Driver Holds SOS For 2 s
    And Assistance Receives One Manual Call
    Then Assistance Is Heard In The Car
    When The Driver Answers
    Then Voice Contact Stands
    When The Operator Hands The Case To The Police
    Then The Police Has The Case With The Car's Position

Nobody Answers In The Car After SOS
    [Documentation]    No voice contact: Assistance alerts the emergency services all the same.
    [Tags]    B-11    B-07    procedure:sos-silence
    Given The Car Is Parked With Ignition II
    And The Driver Stays Silent
    When The Driver Holds SOS For 2 s
    And Assistance Receives One Manual Call
    Then Assistance Alerts The Emergency Services Without Voice Contact

Assistance Cannot Be Reached After SOS
    [Documentation]    Emergency number: Assistance of the country is tried first, then its emergency number is called.
    [Tags]    B-11    B-08    procedure:sos-emergency-number
    Given The Car Is Parked With Ignition II
    And Assistance Cannot Be Reached
    When The Driver Holds SOS For 2 s
    Then Assistance Of The Country Was Tried First
    And The Emergency Number Of The Country Receives One Manual Call

SOS And ON CALL Can Be Locked
    [Documentation]    The lock is in the settings while the ignition is on I; locked, SOS calls nobody.
    [Tags]    B-12    B-13    procedure:button-lock
    Given The Car Is Parked With Ignition I
    When The Driver Locks The Buttons In Settings
    And The Driver Holds SOS For 3 s
    Then Nobody Is Called
    When The Driver Unlocks The Buttons In Settings
    And The Driver Holds SOS For 2 s
    Then Assistance Receives One Manual Call

The Lock Is Not Offered Without Ignition
    [Documentation]    In ignition 0 the setting cannot be changed.
    [Tags]    B-12    procedure:button-lock-ignition
    Given The Car Is Parked With Ignition 0
    Then The Driver Cannot Lock The Buttons In Settings

Locked Buttons Do Not Stop A Crash Call
    [Documentation]    The automatic call is never locked.
    [Tags]    B-13    B-02    procedure:button-lock-crash
    Given The Car Is Driving
    And The Driver Locks The Buttons In Settings
    When The Car Crashes From The Right At Airbag Level
    Then Assistance Receives One Automatic Call
